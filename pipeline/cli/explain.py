"""`ogi explain`: where a published number comes from, and which numbers a cell is part of, as a tree or as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import duckdb
from rich.console import Console
from rich.tree import Tree

from pipeline.cli.choose import choose
from pipeline.cli.extract import plain_value
from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.places import SHEET_FORMATS, sheet_address
from pipeline.core.sentences import label, number
from pipeline.publish.trace import trace_down, trace_up
from pipeline.storage.database import Row, connect

UNLIMITED_WIDTH = 100_000


@click.command(help=help_text("explain"))
@click.argument("asked", nargs=-1, required=True)
@data_option
@click.option("--applicant", default="total", show_default=True, help=help_text("applicant"))
@click.option("--json", "as_json", is_flag=True, help=help_text("json"))
@common_options
def command(asked: tuple[str, ...], root: Path, applicant: str, as_json: bool) -> int:
    """Explain BODY YEAR INDICATOR downwards, or REPORT CELL upwards."""
    data, lang = existing_data(root), current_language()
    try:
        with connect(data) as connection:
            if len(asked) == 2:
                return _explain_cell(connection, asked[0], asked[1], lang, as_json=as_json)
            if len(asked) == 3 and asked[1].isdigit():
                return _explain_number(connection, asked, applicant, lang, as_json=as_json)
    except FileNotFoundError:
        echo(say("status.none", lang), err=True)
        return ExitCode.NOTHING
    except DataFault as fault:
        echo(say(fault.code, lang, **fault.values), err=True)
        return ExitCode.USAGE
    raise click.UsageError(say("explain.usage", lang))


def _explain_number(
    connection: duckdb.DuckDBPyConnection, asked: Sequence[str], applicant: str, lang: str, *, as_json: bool
) -> int:
    body, indicator = choose(connection, "body", asked[0]), choose(connection, "indicator", asked[2])
    trace = trace_down(connection, body["id"], int(asked[1]), indicator["id"], applicant)
    if trace["reported"] is None and trace["compiled"] is None:
        raise DataFault("explain.nothing", body=body["zh"], year=asked[1], indicator=indicator["zh"])
    trace |= {"name": body["zh"], "zh": indicator["zh"], "en": indicator["en"], "unit": indicator["unit"]}
    if as_json:
        _print_json(trace)
    else:
        _print_tree(_number_tree(trace, lang))
    return ExitCode.OK


def _explain_cell(connection: duckdb.DuckDBPyConnection, report: str, cell: str, lang: str, *, as_json: bool) -> int:
    observations = trace_up(connection, report, cell)
    if not observations:
        echo(say("explain.no_cell", lang, report=report, cell=cell), err=True)
        return ExitCode.USAGE
    if as_json:
        _print_json(observations)
        return ExitCode.OK
    tree = Tree(f"{report} {cell}")
    for observation in observations:
        name = f"{observation['indicator']} {observation['applicant']}"
        branch = tree.add(f"observations：{name} = {number(observation['value'])} {observation['unit']}")
        for row in observation["enters"]:
            branch.add(_mart_line(row))
    _print_tree(tree)
    return ExitCode.OK


def _mart_line(row: Row) -> str:
    """Return a row of a mart as one line."""
    head = f"{row['table']}：{row['body_id']} {row['year']}"
    if row["table"] == "compiled":
        return f"{head} {row['basis']} = {number(row['value'])}"
    if row["table"] == "growth":
        rate = "" if row["growth_percent"] is None else f"（{number(row['growth_percent'])} %）"
        return f"{head} {row['basis']}：{number(row['prior'])} → {number(row['value'])}{rate}"
    return f"{head} {row['basis']}：{row['rate']}（{row['zh']}）{number(row['percent'])} %"


def _number_tree(trace: Row, lang: str) -> Tree:
    name = trace["zh"] if lang == "zh" else trace["en"]
    tree = Tree(f"{trace['name']} {trace['year']} {name} [{trace['indicator']}/{trace['applicant']}]")
    compiled, reported = trace["compiled"], trace["reported"]
    if compiled:
        counts = {n: compiled[f"members_{n}"] for n in ("expected", "counted")}
        value = f"{number(compiled['compiled'])} {trace['unit']}"
        mark = _provenance_mark(compiled["compiled_provenance"], lang) + _doubt_count(compiled["in_doubt"], lang)
        branch = tree.add(say("explain.compiled", lang, value=value, **counts) + mark)
        if compiled["implied"] is not None:
            branch.add(say("explain.implied", lang, value=number(compiled["implied"])))
        for member in compiled["members"]:
            _add_observation(branch, member, _member_name(member, lang), lang)
    if reported:
        _add_observation(tree, reported, say("explain.reported", lang), lang)
    if compiled and compiled["difference"] is not None:
        tree.add(say("explain.difference", lang, value=number(compiled["difference"])))
    for growth in trace["growth"]:
        tree.add(_growth_line(growth, lang))
    return tree


def _member_name(figure: Row, lang: str) -> str:
    """Return the name of a reporting body; if it counts for a member without a report, with the member's name."""
    if figure["member"] == figure["body_id"]:
        return str(figure["body"])
    return say("explain.substituted", lang, body=figure["body"], member=figure["member_name"])


def _doubt_count(count: int, lang: str) -> str:
    return say("explain.in_doubt", lang, count=count) if count else ""


def _doubt_mark(figure: Row, lang: str) -> str:
    """Return what speaks against a figure, '' for a figure that is not in doubt."""
    if figure["in_doubt"] is None:
        return ""
    level = say(f"code.{figure['in_doubt']}", lang)
    if figure["implied"] is None:
        return say("explain.doubt", lang, level=level)
    return say("explain.doubt_implied", lang, level=level, value=number(figure["implied"]))


def _growth_line(growth: Row, lang: str) -> str:
    rate = "—" if growth["growth_percent"] is None else f"{number(growth['growth_percent'])} %"
    basis = say(f"explain.basis.{growth['prior_basis']}", lang)
    values = {"prior": number(growth["prior"]), "value": number(growth["value"])}
    line = say(f"explain.growth.{growth['basis']}", lang, rate=rate, basis=basis, **values)
    return line + _doubt_count(growth["in_doubt"], lang)


def _add_observation(tree: Tree, figure: Row, name: str, lang: str) -> None:
    """Add an observation with its report and cells."""
    if figure["report_id"] is None:
        tree.add(say("explain.missing", lang, body=name))
        return
    status = "" if figure["obs_status"] == "A" else say(f"explain.status.{figure['obs_status']}", lang)
    note = f"（{figure['note']}）" if figure["note"] else ""
    mark = _provenance_mark(figure["provenance"], lang) + _doubt_mark(figure, lang)
    branch = tree.add(f"{name}：{number(figure['value'])}{status}{mark}{note}  {figure['path']}")
    for cell in figure["cells"]:
        branch.add(_cell_line(cell, figure["form"], lang))


def _place(cell: Row, lang: str) -> str:
    """Return the place of a cell: sheet and address in a workbook, else page, table, line and column."""
    if cell["grid"] is None:
        return say("explain.page", lang, page=cell["page"]) if cell["page"] else ""
    if cell["format"] in SHEET_FORMATS:
        address = sheet_address(cell["grid_row"], cell["grid_column"])
        return say("explain.sheet", lang, sheet=cell["page"], address=address)
    numbers = {name: cell[name] + 1 for name in ("grid", "grid_row", "grid_column")}
    return say("explain.page", lang, page=cell["page"]) + say("explain.place", lang, **numbers)


def _cell_line(cell: Row, form: str, lang: str) -> str:
    """Return the place of a cell, its printed text, and what was decided or derived."""
    line = say(
        "explain.printed", lang, label=label(cell["cell"], form, lang), raw=cell["raw"] or "", place=_place(cell, lang)
    )
    published = number(cell["published"])
    if cell["decision"]:
        line += say("explain.decided", lang, now=published, who=cell["decided_by"], reason=cell["reason"])
    elif cell["derived"]:
        line += say("explain.derived", lang, now=published)
    return line


def _provenance_mark(provenance: str | None, lang: str) -> str:
    return f"（{say(f'code.{provenance}', lang)}）" if provenance in ("simulated", "mixed") else ""


def _print_tree(tree: Tree) -> None:
    text = io.StringIO()
    Console(file=text, width=UNLIMITED_WIDTH, highlight=False, markup=False, soft_wrap=True).print(tree)
    echo(text.getvalue(), nl=False)


def _print_json(value: Any) -> None:
    echo(json.dumps(_plain(value), ensure_ascii=False, indent=1))


def _plain(value: Any) -> Any:
    """Return a value with all decimals in it as JSON numbers."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else plain_value(value)
