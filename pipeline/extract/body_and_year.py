"""Decide which body reports on which year, from the evidence in the document and the file's path.

Evidence that contradicts itself, or that is weak, leads to a question for the user, with the candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.model import Document, Finding
from pipeline.core.text import normalize
from pipeline.extract.evidence import Evidence, collect
from pipeline.extract.titles import parse_title
from pipeline.registry.bodies import Body, Register
from pipeline.registry.governments import governments
from pipeline.registry.lookup import find_candidates

_PATH_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_PATH_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")
_NOT_NAME = re.compile(r"\d+|年报|年度?|(?:政府)?信息公开|工作|报告|[-_ ()（）]")
_STREET = re.compile(r"(?:街道办事处|街道办|街办)$")
_OFFICE = re.compile(r"(?:人民)?(?:政府)?(?:办公室|办公厅|办)?$")


@dataclass(frozen=True)
class BodyAndYear:
    """The body and the year of a report, None if they are unclear, and questions about them for the user.

    `is_from_title` is true if the title gives both.
    """

    body: str | None
    year: int | None
    is_from_title: bool
    questions: tuple[Finding, ...]


def recognise_body_and_year(document: Document, register: Register, path: Path | None = None) -> BodyAndYear:
    """Return the body and the year of a report.

    If the evidence differs, the title counts and a question is added. Without a title, the body or year is then None.
    """
    evidence = collect(document)
    evidence += _path_evidence(path, register, use_folder=not any(e.body and not e.is_weak for e in evidence))
    year, year_question = _decide_year(evidence)
    body, body_question = _decide_body(evidence, register, year)
    is_from_title = any(e.is_title and e.body and len(e.years) == 1 for e in evidence)
    if body and not body_question:
        body, body_question = _tell_apart(body, find_candidates(register, body, year), document, path)
    return BodyAndYear(body, year, is_from_title, tuple(q for q in (body_question, year_question) if q))


def _decide_body(
    evidence: Sequence[Evidence], register: Register, year: int | None
) -> tuple[str | None, Finding | None]:
    """Return the body of the strongest evidence, and a question if it is weak, contradicted or absent."""
    named = [e for e in evidence if e.body]
    strong = [e for e in named if not e.is_weak]
    if not named:
        return None, _question("who.body", ())
    first = (strong or named)[0]
    others = [e.body for e in strong if not _is_same(first.body, e.body, register, year)]
    if not others and strong:
        return first.body, None
    candidates = [first.body, *others] if others else [e.body for e in named]
    return first.body if first.is_title or not others else None, _question("who.body", candidates)


def _decide_year(evidence: Sequence[Evidence]) -> tuple[int | None, Finding | None]:
    """Return the year of the strongest evidence, and a question if it is weak, contradicted or absent."""
    dated = [e for e in evidence if e.years]
    strong = [e for e in dated if not e.is_weak] or dated
    years = [year for e in (strong if not dated or strong[0].is_weak else dated) for year in e.years]
    if not dated:
        return None, _question("who.year", ())
    first = strong[0]
    if len(set(years)) == 1 and not first.is_weak:
        return years[0], None
    decided = first.years[0] if len(first.years) == 1 and (first.is_title or first.is_weak) else None
    return decided, _question("who.year", [str(year) for year in years])


def _question(identity: str, candidates: Iterable[str]) -> Finding:
    return Finding(identity, "document", "fail", "warning", note=" | ".join(dict.fromkeys(candidates)) or "?")


def _is_same(first: str, second: str, register: Register, year: int | None) -> bool:
    """Return whether two printed names may mean one body, or one body and its office."""
    short, long = sorted((_OFFICE.sub("", _STREET.sub("街道", name)) for name in (first, second)), key=len)
    if long.endswith(short):
        return True
    ids = [{body.body_id for body in find_candidates(register, name, year)} for name in (first, second)]
    return bool(ids[0] & ids[1])


def _tell_apart(
    body: str, candidates: Sequence[Body], document: Document, path: Path | None
) -> tuple[str, Finding | None]:
    """Return the body, by its full name where the document or path names the city of one of several candidates."""
    if len(candidates) < 2:
        return body, None
    text = normalize("".join(p.text for p in document.paragraphs)) + (str(path) if path else "")
    named = [candidate for candidate in candidates if _place_names(candidate) and _names_place(text, candidate)]
    if len(named) == 1:
        return named[0].name, None
    return body, _question("who.body", [candidate.name for candidate in candidates])


def _place_names(body: Body) -> list[str]:
    """Return the names of the regions around that of a body."""
    known = governments()
    return [known.periods[code][-1].name for code in known.periods if known.is_within(body.region_code, code)]


def _names_place(text: str, body: Body) -> bool:
    return any(name in text for name in _place_names(body))


def _path_evidence(path: Path | None, register: Register, *, use_folder: bool) -> list[Evidence]:
    """Return what the name of the file says, and where it says nothing, that of its folder.

    The body of a folder counts only where nothing else names one: a city's folder holds the reports of its counties.
    """
    names = [normalize(path.stem), normalize(path.parent.name)] if path is not None else []
    bodies = [body for name in (names if use_folder else names[:1]) if (body := _path_body(name, register))]
    years = [found.pop() for name in names if len(found := set(_PATH_YEAR.findall(name))) == 1]
    return [Evidence(bodies[0] if bodies else "", (int(years[0]),) if years else ())]


def _path_body(name: str, register: Register) -> str:
    """Return the body whose id, region code or name a file's name contains, '' if there is none or several."""
    if exact := register.bodies.get(name):
        return exact.name
    title = parse_title(name)
    bodies = find_candidates(register, title.body if title and title.body else _NOT_NAME.sub("", name))
    codes = [governments().by_code.get(code) for code in _PATH_CODE.findall(name)]
    found = bodies or tuple(body for body in codes if body)
    return found[0].name if len(found) == 1 else ""
