"""A trace as text: the tree that `ogi explain` prints."""

from __future__ import annotations

import io
from collections.abc import Sequence

import duckdb
from rich.console import Console
from rich.tree import Tree

from pipeline.core.messages import say
from pipeline.core.model import DataFault
from pipeline.core.places import SHEET_FORMATS, sheet_address
from pipeline.core.sentences import finding_title, label, number
from pipeline.publish.trace import trace_down, trace_up
from pipeline.storage.choose import choose
from pipeline.storage.database import Row

UNLIMITED_WIDTH = 100_000


def trace_number(connection: duckdb.DuckDBPyConnection, body: str, year: int, indicator: str, applicant: str) -> Row:
    """Return everything behind the figures of a body, which is given by id, name or alias, as the indicator is.

    Raises DataFault for an unknown name, and where nothing is published.
    """
    body_row, indicator_row = choose(connection, "body", body), choose(connection, "indicator", indicator)
    trace = trace_down(connection, body_row["id"], year, indicator_row["id"], applicant)
    if trace["reported"] is None and trace["compiled"] is None:
        raise DataFault("explain.nothing", body=body_row["zh"], year=year, indicator=indicator_row["zh"])
    return trace | {"name": body_row["zh"], **{name: indicator_row[name] for name in ("zh", "en", "unit")}}


def trace_cell(connection: duckdb.DuckDBPyConnection, report: str, cell: str) -> list[Row]:
    """Return the observations that a cell is part of, with the numbers above. Raises DataFault where there is none."""
    observations = trace_up(connection, report, cell)
    if not observations:
        raise DataFault("explain.no_cell", report=report, cell=cell)
    return observations


def number_text(trace: Row, lang: str) -> str:
    """Return the reports and cells behind a number, as a tree."""
    return _tree_text(_number_tree(trace, lang))


def cell_text(report: str, cell: str, observations: Sequence[Row]) -> str:
    """Return the numbers that a cell is part of, as a tree."""
    tree = Tree(f"{report} {cell}")
    for observation in observations:
        name = f"{observation['indicator']} {observation['applicant']}"
        branch = tree.add(f"observations：{name} = {number(observation['value'])} {observation['unit']}")
        for row in observation["enters"]:
            branch.add(_mart_line(row))
    return _tree_text(tree)


def _tree_text(tree: Tree) -> str:
    text = io.StringIO()
    # In a notebook, rich would display the tree in place of writing it to the file.
    console = Console(
        file=text, width=UNLIMITED_WIDTH, highlight=False, markup=False, soft_wrap=True, force_jupyter=False
    )
    console.print(tree)
    return text.getvalue()


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
    for answer in figure["answers"]:
        branch.add(_answer_line(answer, figure["form"], lang))


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


def _answer_line(answer: Row, form: str, lang: str) -> str:
    """Return what a person answered to a finding about a cell."""
    title = finding_title(f"{answer['identity']}@{answer['place']}", form, lang)
    words = {name: answer[name] for name in ("reason", "evidence")}
    return say(f"answer.short.{answer['answer']}", lang, title=title, who=answer["decided_by"], **words)


def _provenance_mark(provenance: str | None, lang: str) -> str:
    return f"（{say(f'code.{provenance}', lang)}）" if provenance in ("simulated", "mixed") else ""
