"""Start a data folder for a city: `data/raw` with an empty manifest, and the city and its members in `bodies.csv`.

The governments below the city come from the register. Departments and zones differ from city to city, so the office
names them; each name is recognised and gets a line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.files import write_atomically
from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.raw.manifest import MANIFEST_COLUMNS
from pipeline.read import decode, load_bytes
from pipeline.registry.bodies import Body, Register
from pipeline.registry.governments import governments
from pipeline.registry.load import load_register
from pipeline.registry.lookup import find_candidates
from pipeline.registry.parse import BODIES, COLUMNS

EMPTY_MANIFEST = ",".join(MANIFEST_COLUMNS) + "\n"


@dataclass(frozen=True)
class StartedFolder:
    """A data folder that was started: its city, and the members in the order of the register."""

    city: Body
    members: tuple[Body, ...]


def start_folder(data: Data, city_name: str, member_names: Sequence[str] = ()) -> StartedFolder:
    """Write the files of a new data folder.

    Raises DataFault, and writes nothing, if the folder has reports or a list of bodies already, or if a name means no
    body or several.
    """
    if data.manifest.is_file() and data.manifest.read_text(encoding="utf-8-sig").strip() != EMPTY_MANIFEST.strip():
        raise DataFault("init.taken", path=data.manifest)
    if (data.raw / BODIES).is_file():
        raise DataFault("init.taken", path=data.raw / BODIES)
    register = load_register()
    city = find_one(register, city_name)
    shipped = [body for body in register.bodies.values() if body.parent == city.body_id]
    below = [body for body in governments().members_of(city.body_id) if body.body_id not in register.bodies]
    named = [find_one(register, name) for name in member_names]
    for body in named:
        if body.parent != city.body_id:
            raise DataFault("init.elsewhere", body=body.name, city=city.name)
    members = tuple({body.body_id: body for body in (*shipped, *below, *named)}.values())
    data.raw.mkdir(parents=True, exist_ok=True)
    write_atomically(data.raw / BODIES, _lines(b for b in (city, *members) if b.body_id not in register.bodies))
    write_atomically(data.manifest, EMPTY_MANIFEST.encode())
    return StartedFolder(city, tuple(sorted(members, key=lambda body: body.order)))


def find_one(register: Register, name: str) -> Body:
    """Return the body that a name means. Raises DataFault with the candidates if there is none or several."""
    candidates = find_candidates(register, name)
    if len(candidates) != 1:
        names = " | ".join(body.name for body in candidates)
        raise DataFault("init.several", body=name, candidates=names) if names else DataFault("init.unknown", body=name)
    return candidates[0]


def read_names(path: Path) -> list[str]:
    """Return the names in a text file or the first column of a CSV file, without a heading and blank lines."""
    rows = csv.reader(io.StringIO(decode(load_bytes(path)), newline=""))
    names = [row[0].strip() for row in rows if row and row[0].strip()]
    return [name for name in names if name not in ("机关", "名称", "机关名称", "单位", "单位名称", "body", "name")]


def _lines(bodies: Iterable[Body]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS[BODIES])
    for b in bodies:
        years = (b.first_year or "", b.last_year or "")
        writer.writerow((b.body_id, b.name, "|".join(b.aliases), b.level, b.region_code, b.parent, *years))
    return text.getvalue().encode()
