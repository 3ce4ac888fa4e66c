"""Edit a report of another kind than the annual one: its equations, enumerations and ratios.

An enumeration of the prose is an equation on the parts that the report names: it does not print the others. A ratio is
tested to the places that its rate is printed with; where exactly one whole number gives the printed rate, that number
is derived.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pipeline.core.alternatives import PossibleChange, write_alternative
from pipeline.core.identity import Identity, Instance
from pipeline.core.kind import Kind, Ratio
from pipeline.core.model import Cell, Derivation, Finding, Proposal, Status
from pipeline.core.text import normalize
from pipeline.edit.mechanism import UNEXPLAINED, find_mechanism
from pipeline.edit.review import derive_missing_cells, make_edit_set, propose_corrections

Values = Mapping[str, Decimal | None]
MIN_PARTS = 2  # that an enumeration names
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class KindReview:
    """The outcome of the edits of a kind on one report."""

    findings: tuple[Finding, ...]
    proposals: tuple[Proposal, ...]
    derived: tuple[Derivation, ...]


def review_kind(kind: Kind, values: Values, cells: Sequence[Cell], confirmed: frozenset[str]) -> KindReview:
    """Return findings, proposals and derived values of a report.

    `values` are by address, with the corrections of people, `cells` as printed; `confirmed` are the addresses that a
    person confirmed or corrected, which no proposal changes.
    """
    known = {address: value for address, value in values.items() if value is not None}
    instances = (*kind.form.instances, *_listed(kind, known))
    edits = make_edit_set([x for x in instances if x.identity.relation == "=" or _is_known(x, known)])
    derived = {d.cell: d for d in derive_missing_cells(kind.form, values, cells, edits)}
    printed = {cell.address: cell.raw for cell in cells}
    # A number that follows from a rate is no evidence for the rate.
    complete = known | {address: derivation.value for address, derivation in derived.items()}
    derived |= {d.cell: d for d in _derive_from_rates(kind, complete, printed)}
    ratios = [(ratio, _confront_ratio(ratio, _identity(kind, ratio.id), complete, printed)) for ratio in kind.ratios]
    proposals = propose_corrections(kind.form, values, cells, confirmed, edits=edits)
    suspected = {cell for p in proposals for cell in (p.cell, *p.suspects)}
    proposals += tuple(
        _propose_on_ratio(ratio, finding, complete, printed, instances)
        for ratio, finding in ratios
        if finding.status == "fail" and suspected.isdisjoint((ratio.rate, ratio.part, ratio.whole))
    )
    findings = (*(_confront(x, known) for x in instances), *(finding for _, finding in ratios))
    return KindReview(findings, proposals, tuple(derived.values()))


def _identity(kind: Kind, identity_id: str) -> Identity:
    return next(identity for identity in kind.form.identities if identity.id == identity_id)


def _is_known(instance: Instance, known: Values) -> bool:
    return all(address in known for address in (*instance.left, *instance.right))


def _listed(kind: Kind, known: Values) -> Iterator[Instance]:
    """Yield each enumeration of the report as an equation on the parts that it names."""
    for listing in kind.listings:
        total = next((address for address in listing.totals if address in known), "")
        parts = tuple(address for address in listing.parts if address in known and address != total)
        if total and len(parts) >= MIN_PARTS:
            yield Instance(_identity(kind, listing.id), (total,), parts)


def _confront(instance: Instance, known: Values) -> Finding:
    """Return whether an equation holds in exact numbers; unknown if it lacks a value."""
    identity, cells = instance.identity, (*instance.left, *instance.right)
    if not _is_known(instance, known):
        return Finding(identity.id, instance.place, "unknown", identity.severity, cells=cells)
    left, right = (sum((known[a] or Decimal(0) for a in side), Decimal(0)) for side in (instance.left, instance.right))
    holds = left == right if identity.relation == "=" else left >= right
    return Finding(identity.id, instance.place, "pass" if holds else "fail", identity.severity, left, right, cells)


def places_of(printed: str) -> int:
    """Return how many decimals a printed rate has."""
    return len("".join(c for c in normalize(printed).partition(".")[2] if c.isdigit()))


def _rate(part: Decimal, whole: Decimal, places: int) -> Decimal:
    return (HUNDRED * part / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _confront_ratio(ratio: Ratio, identity: Identity, known: Values, printed: Mapping[str, str]) -> Finding:
    """Return whether a rate is that of its numbers, to the places that it is printed with."""
    cells = (ratio.rate, ratio.part, ratio.whole)
    rate, part, whole = (known.get(address) for address in cells)
    if rate is None or part is None or not whole or ratio.rate not in printed:
        return Finding(ratio.id, ratio.rate, "unknown", identity.severity, cells=cells)
    computed = _rate(part, whole, places_of(printed[ratio.rate]))
    status: Status = "pass" if computed == rate else "fail"
    return Finding(ratio.id, ratio.rate, status, identity.severity, rate, computed, cells)


def _derive_from_rates(kind: Kind, known: Values, printed: Mapping[str, str]) -> Iterator[Derivation]:
    """Yield the numbers that follow from a printed rate: the only whole number of a whole that gives it."""
    for ratio in kind.ratios:
        rate, whole = known.get(ratio.rate), known.get(ratio.whole)
        is_open = ratio.part not in known
        if rate is None or not whole or not is_open or ratio.rate not in printed or not 0 <= rate <= HUNDRED:
            continue
        options = _wholes(rate, whole, places_of(printed[ratio.rate]))
        if len(options) == 1:
            table, row, column = ratio.part.split("/")
            unit = kind.form.tables[table].units[row, column]
            yield Derivation(ratio.part, options[0], unit, (f"{ratio.id}@{ratio.rate}",))


def _wholes(rate: Decimal, whole: Decimal, places: int) -> list[Decimal]:
    """Return the whole numbers whose share of the whole is the rate; at most two are looked for."""
    middle = int(rate * whole / HUNDRED)
    half = int(whole * Decimal(1).scaleb(-places) / HUNDRED / 2) + 2
    candidates = range(max(0, middle - half), min(int(whole), middle + half) + 1)
    if len(candidates) > 10 * MIN_PARTS:  # the rate is too coarse: many numbers give it
        return []
    return [Decimal(n) for n in candidates if _rate(Decimal(n), whole, places) == rate]


def _propose_on_ratio(
    ratio: Ratio, finding: Finding, known: Values, printed: Mapping[str, str], instances: Sequence[Instance]
) -> Proposal:
    """Return the proposal on a failed rate: any of its numbers may be wrong, and what each would have to be.

    A part that is not printed follows from others, such as the number that failed: then one of these may be wrong.
    """
    rate, part, whole = (known[address] or Decimal(0) for address in finding.cells)
    implied: dict[str, Decimal | None] = {ratio.rate: finding.rhs}
    numbers = _wholes(rate, whole, places_of(printed[ratio.rate]))
    if ratio.part in printed:
        implied[ratio.part] = numbers[0] if len(numbers) == 1 else None
    else:
        terms = _terms_behind(ratio, instances, printed)
        implied |= {a: (known[a] or 0) + sign * (part - numbers[0]) if len(numbers) == 1 else None for a, sign in terms}
    implied.setdefault(ratio.whole, None)
    changes = [PossibleChange(a, known[a], value, _slip(known[a] or Decimal(0), value)) for a, value in implied.items()]
    alternatives = tuple(write_alternative([change]) for change in changes if change.implied is not None)
    name = f"{ratio.id}@{ratio.rate}"
    return Proposal(
        ratio.rate, "unresolved", "", None, None, "", alternatives, tuple(implied), None, (name,), ratio.rate
    )  # fmt: skip


def _terms_behind(ratio: Ratio, instances: Sequence[Instance], printed: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield the printed cells, besides the whole, from which the part follows, with 1 if they rise as it falls."""
    for instance in instances:
        sides = (instance.left, instance.right)
        own = next((side for side in sides if ratio.part in side), None)
        if own is None or instance.identity.relation != "=" or ratio.whole not in (*sides[0], *sides[1]):
            continue
        for address in (a for side in sides for a in side if a in printed and a != ratio.whole):
            yield address, 1 if address in own else -1


def _slip(printed: Decimal, meant: Decimal | None) -> str:
    return (UNEXPLAINED if meant is None else find_mechanism(printed, meant))[0]
