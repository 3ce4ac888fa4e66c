"""Look up a body by its printed name, and add to the register the bodies that reports and their members need.

The lines of `bodies.csv` come first. Every other government, and every body whose name begins with a region, needs no
line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pipeline.registry.bodies import Body, Register
from pipeline.registry.body_names import recognise
from pipeline.registry.governments import NATION, governments, successions_between


def find_candidates(register: Register, name: str, year: int | None = None) -> tuple[Body, ...]:
    """Return the bodies that a printed name may mean: the registered one, else those that the name gives away."""
    name = "".join(name.split())
    if registered := register.names.get(name):
        return (registered,)
    if name in (NATION.name, *NATION.aliases):
        return (register.bodies.get(NATION.body_id, NATION),)
    return tuple(register.bodies.get(body.body_id, body) for body in recognise(name, year))


def find_body(register: Register, name: str, region_code: str = "", year: int | None = None) -> Body | None:
    """Return the only body that a printed name may mean, None if there is none or several.

    With `region_code`, only bodies with this code count: it tells apart the 鼓楼区 of four cities.
    """
    candidates = find_candidates(register, name, year)
    if region_code:
        candidates = tuple(body for body in candidates if body.region_code == region_code)
    return candidates[0] if len(candidates) == 1 else None


def add_reporting_bodies(register: Register, reporting: Iterable[Body]) -> Register:
    """Return the register of the bodies that report, all bodies above them, and the members of all of these.

    The members are the registered ones, and all governments below unless the register has a line for the parent itself:
    an office that registers its city lists its members. The bodies are ordered as a tree: each is followed by its
    members, which are ordered by level and id.
    """
    bodies: dict[str, Body] = {}
    for body in reporting:
        _add_with_parents(bodies, body, register)
    parents = set(bodies)
    members = [body for body in register.bodies.values() if body.parent in parents]
    for parent in sorted(parents - register.bodies.keys()):
        members += governments().members_of(parent)
    for body in members:
        bodies.setdefault(body.body_id, register.bodies.get(body.body_id, body))
    ordered = {body.body_id: body for body in _as_tree(bodies.values())}
    own = tuple(s for s in register.successions if s.body_id in ordered and s.successor in ordered)
    pairs = {(s.body_id, s.successor) for s in own}
    added = (s for s in successions_between(ordered) if (s.body_id, s.successor) not in pairs)
    return Register(ordered, register.names, (*own, *added), register.population, sources=register.sources)


def _add_with_parents(bodies: dict[str, Body], body: Body, register: Register) -> None:
    bodies.setdefault(body.body_id, body)
    parent = register.bodies.get(body.parent) or governments().by_code.get(body.parent)
    if parent and parent.body_id not in bodies:
        _add_with_parents(bodies, parent, register)


def _as_tree(bodies: Iterable[Body]) -> Iterator[Body]:
    """Yield each body before its members, in order."""
    members: dict[str, list[Body]] = defaultdict(list)
    for body in sorted(bodies, key=lambda body: body.order):
        members[body.parent].append(body)
    pending = members[""][::-1]
    while pending:
        yield (body := pending.pop())
        pending += members[body.body_id][::-1]
