"""`ogi explain`: where a published number comes from, as a tree or as JSON; and which numbers a cell enters."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import click
import duckdb
from rapidfuzz import process

from pipeline.cli.extract import plain
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.core.paths import Data
from pipeline.core.sentences import label, number
from pipeline.publish.trace import Row, down, up
from pipeline.storage.database import connect, rows

BODIES = "SELECT body_id, name, aliases, region_code FROM bodies"
INDICATORS = "SELECT indicator, zh, en, unit FROM indicators ORDER BY position"
SUGGESTED = 5


def show_explanation(data: Data, lang: str, asked: Sequence[str], *, applicant: str, as_json: bool) -> int:
    """Explain BODY YEAR INDICATOR downwards or REPORT CELL upwards; returns the exit code."""
    try:
        with connect(data) as connection:
            if len(asked) == 2:
                return _upwards(connection, asked[0], asked[1], lang, as_json=as_json)
            if len(asked) == 3 and asked[1].isdigit():
                return _downwards(connection, asked, applicant, lang, as_json=as_json)
    except FileNotFoundError:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    raise click.UsageError(say("explain.usage", lang))


def _downwards(
    connection: duckdb.DuckDBPyConnection, asked: Sequence[str], applicant: str, lang: str, *, as_json: bool
) -> int:
    body = _body(connection, asked[0])
    indicator = _indicator(connection, asked[2])
    if body is None or indicator is None:
        return _unknown(connection, asked, body, lang)
    found = down(connection, body["body_id"], int(asked[1]), indicator["indicator"], applicant)
    if found["reported"] is None and found["compiled"] is None:
        echo(say("explain.nothing", lang, body=body["name"], year=asked[1], indicator=indicator["zh"]), err=True)
        return ExitCode.USAGE
    found |= {"name": body["name"], "zh": indicator["zh"], "en": indicator["en"], "unit": indicator["unit"]}
    if as_json:
        _json(found)
    else:
        _tree(found, lang)
    return ExitCode.OK


def _body(connection: duckdb.DuckDBPyConnection, text: str) -> Row | None:
    """A body by id, code, name or alias; of several with one code the government, which has the code for its id."""
    for row in rows(connection, BODIES):
        if text in (row["body_id"], row["name"], *(row["aliases"] or "").split("|")):
            return row
    return None


def _indicator(connection: duckdb.DuckDBPyConnection, text: str) -> Row | None:
    return next((r for r in rows(connection, INDICATORS) if text in (r["indicator"], r["zh"], r["en"])), None)


def _unknown(connection: duckdb.DuckDBPyConnection, asked: Sequence[str], body: Row | None, lang: str) -> int:
    if body is None:
        names = [r["name"] for r in rows(connection, BODIES)]
        code, text = "explain.body", asked[0]
    else:
        names = [f"{r['indicator']}（{r['zh']}）" for r in rows(connection, INDICATORS)]
        code, text = "explain.indicator", asked[2]
    close = [name for name, *_ in process.extract(text, names, limit=SUGGESTED)]
    echo(say(code, lang, text=text, close="、".join(close)), err=True)
    return ExitCode.USAGE


def _upwards(connection: duckdb.DuckDBPyConnection, report: str, cell: str, lang: str, *, as_json: bool) -> int:
    found = up(connection, report, cell)
    if not found:
        echo(say("explain.no_cell", lang, report=report, cell=cell), err=True)
        return ExitCode.USAGE
    if as_json:
        _json(found)
        return ExitCode.OK
    from rich.tree import Tree

    tree = Tree(f"{report} {cell}")
    for observation in found:
        name = f"{observation['indicator']} {observation['applicant']}"
        branch = tree.add(f"observations：{name} = {number(observation['value'])} {observation['unit']}")
        for entered in observation["enters"]:
            branch.add(_entered(entered))
    _print(tree)
    return ExitCode.OK


def _entered(row: Row) -> str:
    """A row of a mart in a line."""
    head = f"{row['table']}：{row['body_id']} {row['year']}"
    if row["table"] == "city_year":
        return f"{head} {row['basis']} = {number(row['value'])}"
    if row["table"] == "growth":
        rate = "" if row["growth_percent"] is None else f"（{number(row['growth_percent'])} %）"
        return f"{head} {row['basis']}：{number(row['prior'])} → {number(row['value'])}{rate}"
    return f"{head} {row['basis']}：{row['rate']}（{row['zh']}）{number(row['percent'])} %"


def _tree(found: Row, lang: str) -> None:
    from rich.tree import Tree

    name = found["zh"] if lang == "zh" else found["en"]
    tree = Tree(f"{found['name']} {found['year']} {name} [{found['indicator']}/{found['applicant']}]")
    compiled, reported = found["compiled"], found["reported"]
    if compiled:
        counts = {n: compiled[f"members_{n}"] for n in ("expected", "counted")}
        value = f"{number(compiled['compiled'])} {found['unit']}"
        mark = _mark(compiled["compiled_provenance"], lang)
        branch = tree.add(say("explain.compiled", lang, value=value, **counts) + mark)
        for member in compiled["members"]:
            _leaf(branch, member, member["body"], lang)
    if reported:
        _leaf(tree, reported, say("explain.reported", lang), lang)
    if compiled and compiled["difference"] is not None:
        tree.add(say("explain.difference", lang, value=number(compiled["difference"])))
    for growth in found["growth"]:
        rate = "—" if growth["growth_percent"] is None else f"{number(growth['growth_percent'])} %"
        basis = say(f"explain.basis.{growth['prior_basis']}", lang)
        values = {"prior": number(growth["prior"]), "value": number(growth["value"])}
        tree.add(say(f"explain.growth.{growth['basis']}", lang, rate=rate, basis=basis, **values))
    _print(tree)


def _leaf(tree: Any, figure: Row, name: str, lang: str) -> None:
    """An observation with its report and cells."""
    if figure["report_id"] is None:
        tree.add(say("explain.missing", lang, body=name))
        return
    status = "" if figure["obs_status"] == "A" else say(f"explain.status.{figure['obs_status']}", lang)
    note = f"（{figure['note']}）" if figure["note"] else ""
    branch = tree.add(
        f"{name}：{number(figure['value'])}{status}{_mark(figure['provenance'], lang)}{note}  {figure['path']}"
    )
    for cell in figure["cells"]:
        branch.add(_cell(cell, figure["form"], lang))


def _cell(cell: Row, form: str, lang: str) -> str:
    """Where a cell stands, what it prints, and what became of it."""
    place = say("explain.page", lang, page=cell["page"]) if cell["page"] else ""
    if cell["grid"] is not None:
        at = {n: cell[n] + 1 for n in ("grid", "grid_row", "grid_column")}
        place += say("explain.place", lang, **at)
    text = say("explain.printed", lang, label=label(cell["cell"], form, lang), raw=cell["raw"] or "", place=place)
    if cell["decision"]:
        text += say(
            "explain.decided", lang, now=number(cell["published"]), who=cell["decided_by"], reason=cell["reason"]
        )
    elif cell["derived"]:
        text += say("explain.derived", lang, now=number(cell["published"]))
    return text


def _mark(provenance: str | None, lang: str) -> str:
    return f"（{say(f'code.{provenance}', lang)}）" if provenance in ("simulated", "mixed") else ""


def _print(tree: Any) -> None:
    from rich.console import Console

    drawn = io.StringIO()
    Console(file=drawn, width=100_000, highlight=False, markup=False, soft_wrap=True).print(tree)
    echo(drawn.getvalue(), nl=False)


def _json(found: Any) -> None:
    echo(json.dumps(_plain(found), ensure_ascii=False, indent=1))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list) else plain(value)
