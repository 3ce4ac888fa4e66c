"""Boundaries of the map: a GeoJSON file of the user, joined to the bodies by region code. No boundaries are shipped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

# Names of properties that may hold the region code; the first that is not empty counts.
CODE_PROPERTIES = ("code", "adcode", "region_code", "区划代码", "id")
AREA_TYPES = ("Polygon", "MultiPolygon")
REGION_CODE_LENGTH = 6


class UnusableBoundaries(Exception):
    """The file is not GeoJSON with areas that have region codes; the argument is the reason."""


def read_boundaries(path: Path) -> dict[str, Any]:
    """Return a FeatureCollection with the areas of a GeoJSON file. Features other than areas are skipped.

    A feature may have no geometry or no properties (RFC 7946, section 3.2: null).
    Each area has only the property `name`, its region code. Raises UnusableBoundaries if the file cannot be read, has
    no area, or has an area without a region code.
    """
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig"))
        features = collection["features"]
        areas = [_area(feature) for feature in features if (feature["geometry"] or {}).get("type") in AREA_TYPES]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableBoundaries(f"{type(error).__name__}: {error}") from error
    if not areas:
        raise UnusableBoundaries("no Polygon or MultiPolygon")
    return {"type": "FeatureCollection", "features": areas}


def _area(feature: dict[str, Any]) -> dict[str, Any]:
    """Return an area with its region code as its only property. Raises ValueError if it has none."""
    own_properties = feature.get("properties") or {}
    properties = {**own_properties, "id": feature.get("id", own_properties.get("id"))}
    code = next((str(properties[name]) for name in CODE_PROPERTIES if properties.get(name)), "")
    if not code:
        raise ValueError(f"an area without one of {', '.join(CODE_PROPERTIES)}")
    geometry = {"type": feature["geometry"]["type"], "coordinates": feature["geometry"]["coordinates"]}
    return {"type": "Feature", "properties": {"name": code[:REGION_CODE_LENGTH]}, "geometry": geometry}
