"""`ogi simulate`: make the shipped simulated reports again, or a corpus of any size in another folder."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo
from pipeline.core.form import forms
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.simulate import simulate_members
from pipeline.simulate.cities import list_city_codes
from pipeline.simulate.corpus import write_corpus
from pipeline.simulate.corpus_spec import CorpusSpec
from pipeline.simulate.report_files import WRITERS

DEFAULT_MEMBERS, DEFAULT_YEARS, DEFAULT_ERROR_PERCENT = 30, "2018-2024", 2.0
LAST_YEAR = 2025  # of the table of regions


@click.command(help=help_text("simulate"))
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@data_option
@click.option("--seed", type=int, default=2019, show_default=True, help=help_text("seed"))
@click.option("--cities", type=click.IntRange(min=1), help=help_text("simulate.cities"))
@click.option("--reports", type=click.IntRange(min=1), help=help_text("simulate.reports"))
@click.option("--members", type=click.IntRange(min=1, max=1000), help=help_text("simulate.members"))
@click.option("--years", help=help_text("simulate.years"))
@click.option("--formats", help=help_text("simulate.formats"))
@click.option("--errors", type=click.FloatRange(0, 100), help=help_text("simulate.errors"))
@click.option("--processes", type=click.IntRange(min=1), help=help_text("simulate.processes"))
@common_options
def command(folder: Path | None, root: Path, seed: int, **given: Any) -> int:
    """Make the simulated member reports again, or a corpus in a folder."""
    lang, chosen = current_language(), {name: value for name, value in given.items() if value is not None}
    if folder is None:
        if chosen:
            raise click.UsageError(say("simulate.folder", lang, option=f"--{next(iter(chosen))}"))
        echo(say("simulate.done", lang, count=simulate_members(existing_data(root), seed), seed=seed))
        return ExitCode.OK
    return make_corpus(folder, seed, chosen, lang)


def make_corpus(folder: Path, seed: int, chosen: dict[str, Any], lang: str) -> int:
    """Make a corpus by the options that the user chose. Raises UsageError for a corpus that cannot be made."""
    first, last = _years(chosen.get("years", DEFAULT_YEARS), lang)
    formats = _formats(chosen.get("formats", ",".join(WRITERS)), lang)
    errors = round(chosen.get("errors", DEFAULT_ERROR_PERCENT) * 100)
    spec = CorpusSpec(first, last, chosen.get("members", DEFAULT_MEMBERS), formats, errors, seed)
    cities = _cities(spec, chosen.get("cities"), chosen.get("reports"), lang)
    try:
        count = write_corpus(folder, spec, cities, chosen.get("processes") or os.cpu_count() or 1)
    except DataFault as fault:
        raise click.UsageError(say(fault.code, lang, **fault.values)) from fault
    echo(say("simulate.made", lang, count=count, cities=len(cities), folder=folder, seed=seed))
    return ExitCode.OK


def _years(text: str, lang: str) -> tuple[int, int]:
    """Return the first and last year of `2016-2024` or `2024`."""
    match = re.fullmatch(r"(20\d\d)(?:-(20\d\d))?", text.strip())
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    earliest = min(form.first_year for form in forms().values() if form.first_year)
    if not earliest <= first <= last <= LAST_YEAR:
        raise click.UsageError(say("simulate.wrong_years", lang, years=text, first=earliest, last=LAST_YEAR))
    return first, last


def _formats(text: str, lang: str) -> tuple[str, ...]:
    formats = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",")))
    if not set(formats) <= WRITERS.keys():
        raise click.UsageError(say("simulate.wrong_formats", lang, formats=text, known=",".join(WRITERS)))
    return formats


def _cities(spec: CorpusSpec, cities: int | None, reports: int | None, lang: str) -> list[str]:
    """Return the codes of the wanted number of cities, or of enough cities for the wanted number of reports."""
    available = list_city_codes(spec.last_year)
    reports_per_city = (spec.member_count + 1) * (spec.last_year - spec.first_year + 1)
    count = cities or -(-(reports or reports_per_city) // reports_per_city)
    if count > len(available):
        raise click.UsageError(say("simulate.too_many", lang, wanted=count, most=len(available)))
    return available[:count]
