"""The kinds of report other than the annual one: a folder each in `pipeline/kinds`, and in an office's `raw/kinds`.

`find_form` finds the form of every kind. The kinds of an office are known once its register is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pipeline.core.file_names import is_portable_name
from pipeline.core.form import Form, forms
from pipeline.core.kind import PART_SEPARATOR, Kind
from pipeline.core.kind_file import parse_kind
from pipeline.core.kind_paths import DESCRIPTION, KIND_FILES, read_kind_files
from pipeline.core.model import ANNUAL_REPORT, ProjectFault
from pipeline.core.paths import KINDS

_office_forms: dict[str, Form] = {}  # of the registers that this process has loaded; a later one replaces it


def parse_kinds(sources: Sequence[Mapping[str, str]]) -> dict[str, Kind]:
    """Return the kinds by code, from the files of several folders by path; `find_form` knows their forms from then on.

    Raises ProjectFault as `parse_kind` does, for a code that is taken or no file name, and for a table's code that
    another form has: the address of a cell says what it counts.
    """
    kinds: dict[str, Kind] = {}
    tables = {code for form in forms().values() for code in form.tables}
    for files in (files for source in sources for files in _by_folder(source)):
        folder = next(iter(files)).parent
        kind = parse_kind({path.name: text for path, text in files.items()}, folder.name)
        is_name = is_portable_name(kind.code) and PART_SEPARATOR not in kind.code
        is_free = is_name and kind.code not in (*kinds, *forms(), ANNUAL_REPORT)
        if not is_free or kind.code != folder.name or tables & kind.form.tables.keys():
            raise ProjectFault("kind.taken", where=str(folder), kind=kind.code)
        tables |= kind.form.tables.keys()
        kinds[kind.code] = kind
        _office_forms[kind.code] = kind.form
    return kinds


def _by_folder(source: Mapping[str, str]) -> list[dict[Path, str]]:
    """Return the files of each kind's folder."""
    folders: dict[Path, dict[Path, str]] = {}
    for path, text in ((Path(name), text) for name, text in source.items()):
        if path.name in KIND_FILES:
            folders.setdefault(path.parent, {})[path] = text
    return [files for files in folders.values() if any(path.name == DESCRIPTION for path in files)]


@cache
def _shipped_forms() -> Mapping[str, Form]:
    return {code: kind.form for code, kind in parse_kinds([read_kind_files(KINDS)]).items()}


def find_form(code: str | None) -> Form | None:
    """Return the form of a code, of whatever kind of report; None if there is none."""
    if not code:
        return None
    return forms().get(code) or _office_forms.get(code) or _shipped_forms().get(code)


def get_form(code: str) -> Form:
    """Return the form of a code, of whatever kind of report. Raises KeyError."""
    form = find_form(code)
    if form is None:
        raise KeyError(code)
    return form
