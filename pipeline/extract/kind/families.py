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
