"""Blank forms to send out: one per member of a city, with last year's carry-over filled in where it is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

import duckdb

from pipeline.core.file_names import safe_file_name
from pipeline.core.form import Form, form_of
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ProjectFault
from pipeline.core.paths import Data
from pipeline.publish.form.docx import write_docx
from pipeline.publish.form.fill import FilledForm, FormCell
from pipeline.publish.form.report_template import DocumentBlock, compose
from pipeline.publish.form.xlsx import write_xlsx
from pipeline.raw.confirm import list_bodies
from pipeline.registry.bodies import Body, Register
from pipeline.registry.governments import governments
from pipeline.registry.load import load_register
from pipeline.registry.lookup import add_reporting_bodies, find_body
from pipeline.storage.database import ask, connect

FORMATS = ("xlsx", "docx")
BLANK_BASIS = "blank"
RENAMED = ("renamed", "replaced")  # kinds of succession in which one body continues as another


def blank_forms(data: Data, city: str, year: int) -> tuple[FilledForm, ...]:
    """Return a form to fill in per member of a city, in the order of the register.

    `city` is the name, an alias or the id of a body with members. The applications carried in are those that the
    member, or the body that it was before, carried out in its published report of the year before; figures in doubt are
    left out. Everything else is blank. Raises DataFault for an unknown body, one without members, and a year without
    such a form.

    Example::

        [form.body for form in blank_forms(Data(Path("data")), "洛阳市", 2025)]
    """
    form = _form(year)
    register = load_register(data.raw)
    by_code = register.bodies.get(city) or governments().by_code.get(city)
    compiler = by_code or find_body(register, city) or find_body(register, f"{city}人民政府")
    if compiler is None:
        raise DataFault("form.city", city=city)
    reporting = list_bodies(data) if data.manifest.is_file() else []
    register = add_reporting_bodies(register, [*reporting, compiler])
    members = [b for b in register.bodies.values() if b.parent == compiler.body_id and b.is_due(year)]
    if not members:
        raise DataFault("form.no_members", city=compiler.name, year=year)
    carried = _find_carried(data, members, register, year)
    return tuple(
        _blank_form(form, member, _printed_name(member, compiler, register), year, carried.get(member.body_id, ()))
        for member in members
    )


def _form(year: int) -> Form:
    """Return the form of a year. Raises DataFault if it has no table of applications, or there is none."""
    try:
        form = form_of(year)
    except ProjectFault as fault:
        raise DataFault("compile.no_form", year=year) from fault
    if not form.has_table("applications"):
        raise DataFault("compile.form", year=year, form=form.code)
    return form


def _printed_name(member: Body, compiler: Body, register: Register) -> str:
    """Return the name by which a report is recognised: with that of the city where several bodies have the same."""
    city = compiler.name.removesuffix("人民政府")
    names = (member.name, f"{city}{member.name}")
    known = (name for name in names if (body := find_body(register, name)) and body.body_id == member.body_id)
    return next(known, member.name)


def _find_carried(
    data: Data, members: Sequence[Body], register: Register, year: int
) -> Mapping[str, Sequence[FormCell]]:
    """Return the cells of the applications carried in by id of the member; none if nothing is published."""
    before = {member.body_id: _body_before(member, register, year) for member in members}
    try:
        with connect(data) as connection:
            cells = _read_carried(connection, set(before.values()), year)
    except FileNotFoundError:
        return {}
    return {member: cells[body] for member, body in before.items() if body in cells}


def _body_before(member: Body, register: Register, year: int) -> str:
    """Return the id of the body that reported for a member the year before: another one if it was renamed."""
    origins = [s for s in register.successions if s.successor == member.body_id and s.year == year]
    return origins[0].body_id if len(origins) == 1 and origins[0].kind in RENAMED else member.body_id


def _read_carried(connection: duckdb.DuckDBPyConnection, bodies: Iterable[str], year: int) -> dict[str, list[FormCell]]:
    cells: dict[str, list[FormCell]] = {}
    for row in ask(connection, "form_carried_out", {"bodies": sorted(bodies), "year": year - 1}):
        cell = FormCell(f"applications/carried_in/{row['applicant']}", row["value"], row["provenance"])
        cells.setdefault(row["body_id"], []).append(cell)
    return cells


def _blank_form(form: Form, member: Body, name: str, year: int, carried: Iterable[FormCell]) -> FilledForm:
    known = {cell.address: cell for cell in carried}
    cells = {address: known.get(address, FormCell(address)) for address in form.addresses()}
    return FilledForm(form, member.body_id, name, year, BLANK_BASIS, cells)


def write_blank_form(form: FilledForm, file_format: str) -> tuple[str, bytes]:
    """Return the name and the content of a form to fill in; `file_format` is one of FORMATS."""
    template = files("pipeline.publish").joinpath("templates/blank.md").read_text(encoding="utf-8")
    blocks = list(compose(form, template))
    name = f"{safe_file_name(blocks[0].text)}.{file_format}"
    if file_format == "docx":
        return name, write_docx(form, blocks)
    note = say("form.note", "zh") + (say("form.note.carried", "zh") if is_carried(form) else "")
    top = [block for block in blocks if block.kind in ("title", "banner")]
    return name, write_xlsx(form, [*top, DocumentBlock("note", note)])


def is_carried(form: FilledForm) -> bool:
    """Return whether the applications carried in are filled in, in full or in part."""
    return bool(form.provenances)
