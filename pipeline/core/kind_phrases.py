"""Read what a kind says of prose: the words that set the context, and the patterns that read numbers in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from itertools import product
from types import MappingProxyType
from typing import Any

from pipeline.core.form_file import take
from pipeline.core.kind import SPANS, Context, PhraseLine, Prose
from pipeline.core.model import ProjectFault
from pipeline.core.phrase_placeholders import PLACEHOLDERS, fill_placeholders

KEYS = "names contexts defaults lasting headings other_subject skipped skipped_after skipped_when no_zero listed"
_WORDS = re.compile(r"\{words:(\w+)\}")
_DIMENSION = re.compile(r"\{([^{}\d,]\w*)\}")


def parse_pattern(text: str, where: str, names: Mapping[str, str] = MappingProxyType({})) -> re.Pattern[str]:
    """Return a pattern with the names of the kind and the placeholders of all filled in.

    Raises ProjectFault for an unknown name, for an invalid pattern, and for one that fits any text.
    """
    filled = fill_placeholders(_fill(text, names))
    if unknown := _DIMENSION.findall(filled):
        raise ProjectFault("kind.name", where=where, name=", ".join(unknown))
    try:
        pattern = re.compile(filled)
    except (re.error, RecursionError, OverflowError) as error:
        raise ProjectFault("phrases.pattern", file=where, pattern=text, error=error) from error
    if pattern.search(""):
        raise ProjectFault("kind.any_text", where=where, pattern=text)
    return pattern


def parse_prose(body: Mapping[str, Any], lines: Iterable[Mapping[str, str]], where: str) -> Prose:
    """Return what the description of a kind and its `phrases.csv` say of prose.

    Raises ProjectFault for a pattern that is none, and for a dimension that has no default.
    """
    body = {**body, "names": _resolve(body.get("names", {}), where)}
    defaults, names = dict(body.get("defaults", {})), body["names"]
    contexts = tuple(_context(context, names, where) for context in body.get("contexts", ()))
    lasting, skipped_when = dict(body.get("lasting", {})), dict(body.get("skipped_when", {}))
    if unknown := set(lasting.values()) - set(SPANS):
        raise ProjectFault("kind.name", where=f"{where}: lasting", name=", ".join(sorted(unknown)))
    set_by_words = (name for context in contexts for name in context.sets)
    named = [*lasting, *body.get("headings", ()), *skipped_when, *set_by_words]
    _check_dimensions(named, defaults, f"{where}/kind.yaml")
    return Prose(
        defaults,
        lasting,
        frozenset(body.get("headings", ())),
        contexts,
        tuple(_phrase(line, body, defaults, f"{where}/phrases.csv") for line in lines),
        _optional_pattern(body, "other_subject", where),
        _optional_pattern(body, "skipped", where),
        _optional_pattern(body, "skipped_after", where),
        _optional_pattern(body, "no_zero", where),
        _optional_pattern(body, "listed", where),
        skipped_when,
    )


def cells_of(phrase: PhraseLine, prose: Prose) -> set[tuple[str, str]]:
    """Return each row and column that a phrase can fill, with any values that words can give to its dimensions."""
    named = list(dict.fromkeys(_DIMENSION.findall(f"{phrase.row} {phrase.column}")))
    values = [sorted(phrase.when.get(name, _values_of(name, prose))) for name in named]
    return {
        (_fill(phrase.row, filled), _fill(phrase.column, filled))
        for filled in (dict(zip(named, chosen, strict=True)) for chosen in product(*values))
    }


def _values_of(dimension: str, prose: Prose) -> set[str]:
    """Return the values that a dimension can have."""
    set_by_words = {context.sets[dimension] for context in prose.contexts if dimension in context.sets}
    return {prose.defaults[dimension], *set_by_words}


def _fill(text: str, names: Mapping[str, str]) -> str:
    for name, meaning in names.items():
        text = text.replace(f"{{{name}}}", meaning)
    return text


def _resolve(names: Mapping[str, str], where: str) -> dict[str, str]:
    """Return the names with the earlier ones filled in. Raises ProjectFault for the name of a placeholder of all."""
    if taken := sorted(name for name in names if f"{{{name}}}" in PLACEHOLDERS):
        raise ProjectFault("kind.name", where=f"{where}: names", name=", ".join(taken))
    resolved: dict[str, str] = {}
    for name, meaning in names.items():
        resolved[name] = _fill(meaning, resolved)
    return resolved


def _check_dimensions(names: Iterable[str], known: Iterable[str], where: str) -> None:
    if unknown := sorted(set(names) - set(known)):
        raise ProjectFault("kind.name", where=where, name=", ".join(unknown))


def _optional_pattern(body: Mapping[str, Any], key: str, where: str) -> re.Pattern[str] | None:
    return parse_pattern(body[key], f"{where}: {key}", body.get("names", {})) if key in body else None


def _context(body: Any, names: Mapping[str, str], where: str) -> Context:
    take(body, f"{where}: contexts", "words sets")
    return Context(parse_pattern(body["words"], f"{where}: contexts", names), dict(body["sets"]))


def _phrase(line: Mapping[str, str], body: Mapping[str, Any], defaults: Mapping[str, str], where: str) -> PhraseLine:
    """Return a line of `phrases.csv`; `{words:platform}` in its pattern are the words that set this dimension."""
    contexts = body.get("contexts", ())
    where = f"{where}: {line['row']}"
    when = {
        name.strip(): frozenset(values.strip().split("|"))
        for name, _, values in (part.partition("=") for part in line["when"].split(";") if part.strip())
    }
    named = _DIMENSION.findall(f"{line['row']} {line['column']}")
    _check_dimensions([*when, *named], defaults, where)
    set_by_words = {name for context in contexts for name, value in context["sets"].items() if value}
    _check_dimensions(_WORDS.findall(line["pattern"]), set_by_words, where)
    pattern = _WORDS.sub(lambda match: _words_of(match[1], contexts), line["pattern"])
    filled, value = parse_pattern(pattern, where, body.get("names", {})), _number(line["value"], where)
    return PhraseLine(line["row"], line["column"], when, filled, line["example"], value)


def _number(text: str, where: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ProjectFault("kind.number", where=f"{where}: {text}") from error


def _words_of(dimension: str, contexts: Iterable[Any]) -> str:
    """Return a pattern for the words of all contexts that set a dimension to something."""
    return f"(?:{'|'.join(body['words'] for body in contexts if body['sets'].get(dimension))})"
