"""The page of the Python API: signature and docstring of each public function and class."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from textwrap import dedent

import pipeline
from docs_build.markdown import page, text
from pipeline import edit
from pipeline.edit.screen_files import screen_cells
from pipeline.job.plan import Outcome, RunOptions
from pipeline.publish import charts
from pipeline.publish.dataset import Dataset
from pipeline.report import ProcessedReport

LEAD = """The functions and classes that other programs may use. `import pipeline as ogi` imports no
library before a function is used. Every other module may change without notice."""
SECTIONS = {
    "pipeline": "run, check and query",
    "pipeline.publish.charts": "charts for notebooks",
    "pipeline.edit": "statistical data editing with any linear edits",
    "pipeline.edit.screen_files": "the hard identities of very many reports",
}
MAX_WIDTH = 100


def public_objects() -> dict[str, dict[str, object]]:
    """Return the documented objects by module and name."""
    return {
        "pipeline": {name: getattr(pipeline, name) for name in ("open", "run", "check", "connect")}
        | {kind.__name__: kind for kind in (Dataset, RunOptions, Outcome, ProcessedReport)},
        "pipeline.publish.charts": {name: getattr(charts, name) for name in charts.__all__ if name != "PROVENANCE"},
        "pipeline.edit": {name: getattr(edit, name) for name in edit.__all__},
        "pipeline.edit.screen_files": {"screen_cells": screen_cells},
    }


def python_page() -> str:
    """Return the page: a section per module, and in it one per object."""
    sections = []
    for module, objects in public_objects().items():
        sections.append(f"## {module}: {SECTIONS[module]}\n")
        for name, documented in objects.items():
            sections += [f"### {name}\n", *_object_sections(name, documented)]
    return page("Python", LEAD, sections)


def _object_sections(name: str, documented: object) -> Iterator[str]:
    where = getattr(documented, "__module__", "")
    yield f"```python\n{_signature(name, documented)}\n```\n"
    yield f"From `{where}`.\n"
    yield _docstring(documented)
    if inspect.isclass(documented):
        for member, value in vars(documented).items():
            is_method = inspect.isfunction(value) and not member.startswith("_")
            if is_method or isinstance(value, property):
                yield f"**{member}**: {text(' '.join((inspect.getdoc(value) or '').split()))}\n"


def _signature(name: str, documented: object) -> str:
    """Return the signature, with one argument per line if it is long."""
    assert callable(documented)
    signature = inspect.signature(documented)
    returned = (
        ""
        if signature.return_annotation in (inspect.Signature.empty, None, "None")
        else (f" -> {signature.return_annotation}")
    )
    keyword = "class" if inspect.isclass(documented) else "def"
    arguments = [_argument(parameter) for parameter in signature.parameters.values()]
    short = f"{keyword} {name}({', '.join(arguments)}){returned}"
    if len(short) <= MAX_WIDTH:
        return short
    return "\n".join([f"{keyword} {name}(", *(f"    {argument}," for argument in arguments), f"){returned}"])


def _argument(parameter: inspect.Parameter) -> str:
    default = parameter.default
    if default is inspect.Parameter.empty:
        shown = ""
    elif "<" in repr(default):  # a factory: its address differs from process to process
        shown = " = ..."
    else:
        shown = f" = {default!r}"
    return f"{parameter.name}: {parameter.annotation}{shown}"


def _docstring(documented: object) -> str:
    """Return a docstring as Markdown: an indented example becomes a block of code."""
    parts = re.split(r"^(Example)s?::?\n+", inspect.getdoc(documented) or "", flags=re.MULTILINE)
    description = parts[0].strip() + "\n"
    if len(parts) == 1:
        return description
    return f"{description}\n```python\n{dedent(parts[2]).strip()}\n```\n"
