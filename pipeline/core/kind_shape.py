"""Read the YAML file of a kind, and test the shape of what it says before anything uses it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import yaml

from pipeline.core.model import ProjectFault

# A shape is a type, a list of one shape, or the shapes of keys; `EACH` stands for every key. Keys that have no shape
# here are refused by the functions that use them. The values are texts, so that `no` and `2021` need no quotes.
EACH = "*"
TEXTS = [str]
_NAMED = {"zh": str, "en": str, "source": str}
_LABELS = {EACH: {"zh": str, "en": str, "unit": str, "within": str}}
_BLOCK = {"article": str, "columns": TEXTS, "rows": _LABELS}
_TABLE = {"zh": str, "en": str, "layout": str, "unit": str, "columns": _LABELS, "blocks": [_BLOCK]}
_EDIT = _NAMED | {"id": str, "severity": str, "table": str}
SHAPE = _NAMED | {
    "kind": str,
    "period": str,
    "titles": TEXTS,
    "owed": {"levels": TEXTS, "first_year": int, "source": str},
    "body": str,
    "column": str,
    "subject": str,
    "tables": {EACH: _TABLE},
    "identities": [_EDIT | {"is": str, "each": str, "rows": TEXTS, "computed": str}],
    "listings": [_EDIT | {"totals": TEXTS, "parts": TEXTS, "each": TEXTS}],
    "ratios": [_EDIT | {"rate": str, "part": str, "whole": str}],
    "entries": {EACH: {"zh": str, "en": str, "columns": {EACH: TEXTS}, "needs": TEXTS}},
    "attributes": {EACH: TEXTS},
    "names": {EACH: str},
    "contexts": [{"words": str, "sets": {EACH: str}}],
    "defaults": {EACH: str},
    "lasting": {EACH: str},
    "headings": TEXTS,
    "other_subject": str,
    "skipped": str,
    "skipped_after": str,
    "skipped_when": {EACH: str},
    "no_zero": str,
    "listed": str,
}
_FAULTS = {str: "kind.text", int: "kind.number", list: "kind.list", dict: "project.mapping"}


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """A loader of texts that refuses a key that occurs twice: the first value would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(problem=f"{key} ×2", problem_mark=node.start_mark)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def load_description(text: str, where: str) -> dict[str, Any]:
    """Return what the YAML file of a kind says, in the shape of `SHAPE`. Raises ProjectFault, with its line or key."""
    try:
        body = yaml.load(text, _Loader)  # noqa: S506 (it constructs texts only)
    except (yaml.YAMLError, RecursionError) as error:
        raise ProjectFault(
            "kind.unreadable", where=where, problem=" ".join(str(error).replace('in "<unicode string>", ', "").split())
        ) from error
    _check_shape(body, SHAPE, where)
    return dict(body)


def _check_shape(value: Any, shape: Any, where: str) -> None:
    """Raise ProjectFault for a value of another shape; `where` is its place in the file."""
    kind = shape if isinstance(shape, type) else type(shape)
    is_number = isinstance(value, str) and value.isdecimal()
    if not (is_number if kind is int else isinstance(value, kind)):
        raise ProjectFault(_FAULTS[kind], where=where)
    for place, entry, own_shape in _parts(value, shape):
        _check_shape(entry, own_shape, f"{where}: {place}")


def _parts(value: Any, shape: Any) -> Iterator[tuple[object, Any, Any]]:
    """Yield the place of each entry of a list or a mapping, the entry, and its shape, if it has one."""
    if isinstance(shape, list):
        yield from ((number, entry, shape[0]) for number, entry in enumerate(value, 1))
    elif isinstance(shape, dict):
        own = {key: shape.get(EACH, shape.get(key)) for key in value}
        yield from ((key, value[key], own[key]) for key in value if own[key])
