"""Read a form from its YAML file; a file that `extends` another form says only which rows it prints otherwise.

Unknown keys and names are refused: the value of a misspelt name would otherwise be unknown for ever.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

import yaml

from pipeline.core import identity as identities
from pipeline.core.form_parts import Block, Form, Label, Table
from pipeline.core.identity import Identity, Instance
from pipeline.core.model import ProjectFault, Severity

LAYOUTS = ("rows", "flat", "prose")
EACH = ("", "row", "column")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # with libyaml it takes a tenth of the time


def load_prose_tables(path: Path) -> dict[str, Table]:
    """Return the tables of the figures of the prose, which all forms share, by code. Raises ProjectFault."""
    return {code: _table(code, body, path.name) for code, body in _load(path).items()}


def parse_form(body: dict[str, Any], where: str) -> Form:
    """Return a form without tables of its own in the prose, from a mapping in a file. Raises ProjectFault."""
    return _form(body, {}, where)


def load_form(path: Path, prose: Mapping[str, Table]) -> Form:
    """Return the form that a file describes, with the tables of the prose. Raises ProjectFault, with file and key."""
    body = _load(path)
    return _form(_extend(body, path) if "extends" in body else body, prose, path.name)


def _load(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file. Raises ProjectFault."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 (both loaders are safe ones)
    if not isinstance(loaded, dict):
        raise ProjectFault("project.mapping", where=path.name)
    return loaded


def _extend(body: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the whole form that a file with `extends` describes: that of the other file with its own rows.

    Each row under `replace`, by table, is printed in place of the rows under its `rows`. Raises ProjectFault.
    """
    take(body, path.name, "form extends zh en source replace")
    base_path = path.with_name(f"{body['extends']}.yaml")
    if not base_path.is_file():
        raise ProjectFault("form.extends", where=path.name, form=str(body["extends"]))
    base = take(_load(base_path), base_path.name, "form first_year zh en source tables identities")
    tables = copy.deepcopy(base["tables"])
    for table, rows in take(body["replace"], f"{path.name}: replace", "", " ".join(tables)).items():
        for row, label in rows.items():
            _replace_rows(tables[table]["blocks"], row, label, f"{path.name}: {table}: row {row}")
    own = {key: body[key] for key in ("form", "extends", "zh", "en", "source")}
    return own | {"tables": tables, "identities": base["identities"]}


def _replace_rows(blocks: list[dict[str, Any]], row: str, label: Any, where: str) -> None:
    """Put a row in the place of the first of those that it replaces. Raises ProjectFault if a block lacks them."""
    replaced = take(label, where, "rows zh en", "unit within")["rows"]
    own_label = {key: value for key, value in label.items() if key != "rows"}
    for block in blocks:
        if replaced and set(replaced) <= set(block["rows"]):
            kept = ((row, own_label) if code == replaced[0] else (code, old) for code, old in block["rows"].items())
            block["rows"] = {code: old for code, old in kept if code not in replaced}
            return
    raise ProjectFault("form.block", where=where, rows=str(replaced))


def take(body: Any, where: str, needed: str, allowed: str = "") -> dict[str, Any]:
    """Return a mapping if it has all keys in `needed`, and of others only those in `allowed`. Raises ProjectFault."""
    if not isinstance(body, dict):
        raise ProjectFault("project.mapping", where=where)
    unknown = set(body) - set(needed.split()) - set(allowed.split())
    missing = set(needed.split()) - set(body)
    if unknown or missing:
        keys = {"unknown": ", ".join(sorted(map(str, unknown))) or "-", "missing": ", ".join(sorted(missing)) or "-"}
        raise ProjectFault("form.keys", where=where, **keys)
    return body


def _form(body: dict[str, Any], prose: Mapping[str, Table], where: str) -> Form:
    """Return the form that a YAML file describes. Raises ProjectFault."""
    take(body, where, "form zh en source tables identities", "first_year extends")
    tables = {code: _table(code, t, f"{where}: {code}") for code, t in body["tables"].items()} | dict(prose)
    cells = {t.code: t.cells for t in tables.values()}
    parsed = [_identity(i, tables, where) for i in body["identities"]]
    instances = tuple(instance for i in parsed for instance in identities.expand(i, cells))
    _check_unique(parsed, instances, where)
    texts = (body["zh"], body["en"], body["source"])
    years = (body.get("first_year"), None, body.get("extends", ""))
    return Form(str(body["form"]), *years, *texts, tables, tuple(parsed), instances)


def _check_unique(parsed: list[Identity], instances: Iterable[Instance], where: str) -> None:
    """Raise ProjectFault for two identities with one id, and for two that test the same cells in the same way."""
    ids = [i.id for i in parsed]
    keys = [_meaning(x) for x in instances]
    if len(set(ids)) != len(ids) or len(set(keys)) != len(keys):
        raise ProjectFault("form.identity_twice", where=where)


def _meaning(instance: Instance) -> object:
    """Return a value that is equal for two instances with the same meaning; the sides of an equation may be swapped."""
    sides = (frozenset(instance.left), frozenset(instance.right))
    return frozenset(sides) if instance.identity.relation == "=" else sides


def _table(code: str, body: Any, where: str) -> Table:
    """Return the table that a YAML mapping describes. Raises ProjectFault."""
    take(body, where, "zh en columns blocks", "layout unit")
    columns = {c: _label(c, v, f"{where}: column {c}") for c, v in body["columns"].items()}
    rows: dict[str, Label] = {}
    blocks = []
    for block in body["blocks"]:
        take(block, where, "rows", "article columns")
        new = {r: _label(r, v, f"{where}: row {r}") for r, v in block["rows"].items()}
        if set(new) & set(rows):
            raise ProjectFault("form.rows_twice", where=where, rows=", ".join(sorted(set(new) & set(rows))))
        rows |= new
        blocks.append(Block(block.get("article", ""), tuple(block.get("columns", columns)), tuple(new)))
    layout = body.get("layout", "rows")
    _check_table(rows, columns, blocks, layout, where)
    units = {
        (r, c): rows[r].unit or columns[c].unit or body.get("unit", "")
        for b in blocks
        for r in b.rows
        for c in b.columns
    }
    if not all(units.values()):
        raise ProjectFault("form.units", where=where, cells=str([k for k, u in units.items() if not u]))
    return Table(code, body["zh"], body["en"], layout, rows, columns, tuple(blocks), units)


def _check_table(
    rows: Mapping[str, Label], columns: Mapping[str, Label], blocks: list[Block], layout: str, where: str
) -> None:
    """Raise ProjectFault for columns and rows that are used but not defined, unused columns, and unknown layouts."""
    unknown = {c for b in blocks for c in b.columns} - set(columns) | {r.within for r in rows.values()} - set(rows) - {
        ""
    }
    unused = set(columns) - {c for b in blocks for c in b.columns}
    if unknown or unused or layout not in LAYOUTS:
        raise ProjectFault(
            "form.columns", where=where, unknown=str(sorted(unknown)), unused=str(sorted(unused)), layout=layout
        )


def _label(code: str, body: Any, where: str) -> Label:
    return Label(code=code, **take(body, where, "zh en", "unit within"))


def _identity(body: Any, tables: Mapping[str, Table], where: str) -> Identity:
    """Return the identity that a YAML mapping describes. Raises ProjectFault."""
    name = body.get("id", "") if isinstance(body, dict) else ""
    take(body, f"{where}: identity {name}".rstrip(), "id is severity zh en source", "table each rows computed")
    where = f"{where}: identity {body['id']}"
    each, table, rows = body.get("each", ""), body.get("table", ""), tuple(body.get("rows", ()))
    is_valid = each in EACH and body["severity"] in get_args(Severity) and bool(each) == bool(table)
    if not is_valid or (table and (table not in tables or set(rows) - set(tables[table].rows))):
        raise ProjectFault("form.identity", where=where)
    left, relation, right = identities.parse(body["is"], where)
    computed = body.get("computed", "")
    if computed and (relation != "=" or computed not in (*left, *right)):
        raise ProjectFault("form.computed", where=where)
    texts = (body["severity"], body["zh"], body["en"], body["source"])
    return Identity(body["id"], left, relation, right, *texts, table, each, rows, computed)
