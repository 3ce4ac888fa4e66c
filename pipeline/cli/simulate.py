"""`ogi simulate`: the shipped simulated reports again, or a corpus of any size in a folder of its own."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from pipeline.core.form import forms
from pipeline.core.messages import say
from pipeline.core.model import DataFault
from pipeline.core.paths import Data
from pipeline.simulate import simulate_members
from pipeline.simulate.cities import list_city_codes
from pipeline.simulate.corpus import write_corpus
from pipeline.simulate.corpus_spec import CorpusSpec
from pipeline.simulate.report_files import WRITERS

MEMBERS, YEARS, ERRORS = 30, "2018-2024", 2.0
LATEST = 2025  # the last year that the table of regions covers


def show_members(data: Data, seed: int, lang: str) -> None:
    """Make the simulated reports of the shipped data again."""
    click.echo(say("simulate.done", lang, count=simulate_members(data, seed), seed=seed))


def show_corpus(
    folder: Path, lang: str, *, seed: int, cities: int | None = None, reports: int | None = None,
    members: int = MEMBERS, years: str = YEARS, formats: str = ",".join(WRITERS), errors: float = ERRORS,
    processes: int | None = None,
) -> None:  # fmt: skip
    """Make a corpus and tell how large it is. Raises click.UsageError for what cannot be made."""
    first, last = _years(years, lang)
    spec = CorpusSpec(first, last, members, _formats(formats, lang), round(errors * 100), seed)
    chosen = _cities(spec, cities, reports, lang)
    try:
        count = write_corpus(folder, spec, chosen, processes or os.cpu_count() or 1)
    except DataFault as fault:
        raise click.UsageError(say(fault.code, lang, **fault.values)) from fault
    click.echo(say("simulate.made", lang, count=count, cities=len(chosen), folder=folder, seed=seed))


def _years(text: str, lang: str) -> tuple[int, int]:
    """`2016-2024` or `2024`."""
    found = re.fullmatch(r"(20\d\d)(?:-(20\d\d))?", text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    earliest = min(form.first_year for form in forms().values())
    if not earliest <= first <= last <= LATEST:
        raise click.UsageError(say("simulate.wrong_years", lang, years=text, first=earliest, last=LATEST))
    return first, last


def _formats(text: str, lang: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",")))
    if not set(wanted) <= WRITERS.keys():
        raise click.UsageError(say("simulate.wrong_formats", lang, formats=text, known=",".join(WRITERS)))
    return wanted


def _cities(spec: CorpusSpec, cities: int | None, reports: int | None, lang: str) -> list[str]:
    """So many cities, or as many as it takes for so many reports."""
    found = list_city_codes(spec.last_year)
    each = (spec.member_count + 1) * (spec.last_year - spec.first_year + 1)
    wanted = cities or -(-(reports or each) // each)
    if wanted > len(found):
        raise click.UsageError(say("simulate.too_many", lang, wanted=wanted, most=len(found)))
    return found[:wanted]
