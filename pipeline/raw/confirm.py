"""List the bodies of the manifest, and confirm a recognised one: write its line to `data/raw/bodies.csv`."""

from __future__ import annotations

from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.core.project_update import update_lines
from pipeline.raw.file_state import RawFiles
from pipeline.raw.manifest import read_entries
from pipeline.raw.scan_cache import read_scan_cache
from pipeline.registry.bodies import Body
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_body
from pipeline.registry.parse import BODIES, COLUMNS, LAYOUTS


def list_bodies(data: Data) -> list[Body]:
    """Return the bodies that the manifest names, by id."""
    register = load_register(data.raw)
    files = RawFiles(data.raw, read_scan_cache(data.scan_cache))
    sources = [entry.source for entry in read_entries(data.manifest, files)]
    names = {(source.body, source.region_code) for source in sources}
    found = {body.body_id: body for name, code in names if (body := find_body(register, name, code))}
    return [found[body_id] for body_id in sorted(found)]


def confirm_body(data: Data, name: str, new_name: str) -> dict[str, str]:
    """Write the line of a body, under another name if `new_name` is given. Return its id and name.

    Raises DataFault for a name that means no body or several, or if one of the two names is registered already.
    """
    register = load_register(data.raw)
    body = find_body(register, name)
    if body is None:
        raise DataFault("register.unknown", body=name)
    if not body.recognised or new_name in register.names:
        raise DataFault("bodies.known", body=new_name or body.name)
    aliases = dict.fromkeys(alias for alias in (name, body.name) if new_name and alias != new_name)
    fields = (body.body_id, new_name or body.name, "|".join(aliases), body.level, body.region_code, body.parent, "", "")
    line = dict(zip(COLUMNS[BODIES], fields, strict=True))
    update_lines(data.raw / BODIES, LAYOUTS[BODIES], lambda values: values["body_id"], [line])
    return {"body_id": body.body_id, "name": new_name or body.name}
