"""Read the edits of a kind that are no equations: enumerations of the prose, and rates of two numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, get_args

from pipeline.core.form_file import take
from pipeline.core.form_parts import Form
from pipeline.core.identity import Identity
from pipeline.core.kind import Listing, Ratio
from pipeline.core.model import ProjectFault, Severity

EDIT = "id severity zh en source"


def parse_listings(bodies: Sequence[Any], form: Form, where: str) -> tuple[Listing, ...]:
    """Return the enumerations. Raises ProjectFault for an address that the form lacks."""
    return tuple(listing for body in bodies for listing in _listings(body, form, f"{where}: listings"))


def parse_ratios(bodies: Sequence[Any], form: Form, where: str) -> tuple[Ratio, ...]:
    """Return the ratios. Raises ProjectFault for an address, a table or a row that the form lacks."""
    return tuple(ratio for body in bodies for ratio in _ratios(body, form, f"{where}: ratios"))


def add_names(form: Form, lists: Iterable[Sequence[Any]], where: str) -> Form:
    """Return the form with these edits as identities: with their wording, and without sides.

    Edits of one list may have one id if they have one wording. Raises ProjectFault for another id that occurs twice,
    and for an unknown severity.
    """
    named = [identity for bodies in lists for identity in dict.fromkeys(_name(body, where) for body in bodies)]
    identities = (*form.identities, *named)
    if len({identity.id for identity in identities}) < len(identities):
        raise ProjectFault("form.identity_twice", where=where)
    return replace(form, identities=identities)


def _name(body: Any, where: str) -> Identity:
    if body["severity"] not in get_args(Severity):
        raise ProjectFault("kind.name", where=f"{where}: {body['id']}", name=body["severity"])
    return Identity(body["id"], (), "=", (), body["severity"], body["zh"], body["en"], body["source"])


def _listings(body: Any, form: Form, where: str) -> Iterable[Listing]:
    """Yield the enumeration, or one for each word under `each`, which stands for `{each}` in its addresses."""
    take(body, where, f"{EDIT} totals parts", "each")
    where = f"{where}: {body['id']}"
    for word in body.get("each", ("",)):
        totals, parts = (
            _matching([pattern.replace("{each}", word) for pattern in body[key]], form, where)
            for key in ("totals", "parts")
        )
        yield Listing(body["id"], totals, parts)


def _ratios(body: Any, form: Form, where: str) -> Iterable[Ratio]:
    """Return a ratio of three addresses, or for rows of a table one for each column that has all three cells.

    Without a table, there is one for each word under `each`, which stands for `{each}` in the addresses.
    """
    take(body, where, f"{EDIT} rate part whole", "table each")
    names, table = [body[key] for key in ("rate", "part", "whole")], form.tables.get(body.get("table", ""))
    options = [[name.replace("{each}", word) for name in names] for word in body.get("each", ("",))]
    if table:
        options = [[f"{table.code}/{row}/{column}" for row in names] for column in table.columns]
    known = set(form.addresses())
    complete = [addresses for addresses in options if set(addresses) <= known]
    if not complete:
        lacking = [name for name, own in zip(names, zip(*options, strict=True), strict=True) if known.isdisjoint(own)]
        raise ProjectFault("form.no_cell", where=f"{where}: {body['id']}", cell=", ".join(lacking or names))
    return [Ratio(body["id"], *addresses) for addresses in complete]


def _matching(patterns: Sequence[str], form: Form, where: str) -> tuple[str, ...]:
    """Return the addresses that fit patterns such as `inspection/new_media.by.*/own`.

    Raises ProjectFault for a pattern that none fits, and for no patterns at all.
    """
    found = {pattern: [a for a in form.addresses() if fnmatchcase(a, pattern)] for pattern in patterns or ("-",)}
    for pattern, addresses in found.items():
        if not addresses:
            raise ProjectFault("form.no_cell", where=where, cell=pattern)
    return tuple(address for addresses in found.values() for address in addresses)
