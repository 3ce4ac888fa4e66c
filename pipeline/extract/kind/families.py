"""The families of a kind: a name for the totals and parts of the enumerations that share a total."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pipeline.core.kind import Kind


@lru_cache(maxsize=64)
def families_of(kind: Kind) -> Mapping[str, str]:
    """Return the family of each address that is in an enumeration."""
    families: dict[str, str] = {}
    for listing in kind.listings:
        members = (*listing.totals, *listing.parts)
        known = {families[address] for address in members if address in families} | {members[0]}
        families |= {address: min(known) for address, family in families.items() if family in known}
        families |= dict.fromkeys(members, min(known))
    return families


@lru_cache(maxsize=64)
def parts_of(kind: Kind) -> frozenset[str]:
    """Return the addresses that are a part in an enumeration."""
    return frozenset(part for listing in kind.listings for part in listing.parts)


@lru_cache(maxsize=64)
def outcome_families(kind: Kind) -> frozenset[str]:
    """Return the families that count outcomes: with a part such as `wechat.failed` of the part `wechat` of another."""
    families = families_of(kind)
    return frozenset(own for address, own in families.items() if families.get(without_measure(address), own) != own)


def without_measure(address: str) -> str:
    """Return the address of the row without its last word."""
    table, row, column = address.split("/")
    return f"{table}/{row.rpartition('.')[0]}/{column}"
