"""Boundaries for the map: GeoJSON that the office supplies, joined to the bodies by region code. None is shipped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CODES = ("code", "adcode", "region_code", "区划代码", "id")
SHAPES = ("Polygon", "MultiPolygon")


class Unusable(Exception):
    """The file is not GeoJSON of areas with region codes; the argument says why."""


def read_boundaries(path: Path) -> dict[str, Any]:
    """The areas, each named by its region code alone. Raises Unusable."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8-sig"))
        features = loaded["features"]
        areas = [_area(f) for f in features if f["geometry"]["type"] in SHAPES]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{type(error).__name__}: {error}") from error
    if not areas:
        raise Unusable("no Polygon or MultiPolygon")
    return {"type": "FeatureCollection", "features": areas}


def _area(feature: dict[str, Any]) -> dict[str, Any]:
    known = {**feature.get("properties", {}), "id": feature.get("id", (feature.get("properties") or {}).get("id"))}
    code = next((str(known[name]) for name in CODES if known.get(name)), "")
    if not code:
        raise ValueError(f"an area without one of {', '.join(CODES)}")
    geometry = feature["geometry"]
    shape = {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    return {"type": "Feature", "properties": {"name": code[:6]}, "geometry": shape}
