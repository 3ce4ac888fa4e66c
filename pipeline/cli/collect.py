"""`ogi collect`: collect the reports of portals, and say for each page what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.edit import to_json
from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo, write
from pipeline.core.messages import say
from pipeline.core.model import DataFault, ExitCode
from pipeline.core.sentences import separator

if TYPE_CHECKING:
    from pipeline.job.collect import Collection
    from pipeline.job.collected import CollectedPage

PACKAGES = frozenset({"httpx", "protego", "warcio"})
COLORS = {"new": "green", "revised": "green", "corrected": "green", "question": "yellow", "other": "yellow"}
SHOWN = ("new", "revised", "corrected", "replaced", "known", "other", "question", "no_report")


@click.command(help=help_text("collect"))
@data_option
@click.option("--dry-run", is_flag=True, help=help_text("collect_dry_run"))
@click.option("--replace", is_flag=True, help=help_text("collect_replace"))
@click.option("--allow-private", is_flag=True, help=help_text("collect_private"))
@click.option("--json", "as_json", is_flag=True, help=help_text("collect_json"))
@click.option("--quiet", is_flag=True, help=help_text("quiet_collect"))
@common_options
def command(root: Path, dry_run: bool, replace: bool, allow_private: bool, as_json: bool, quiet: bool) -> int:
    """Collect: 0 if all is clear, 1 if some pages need a person or were not received, 3 if nothing can be visited."""
    data, lang = existing_data(root), current_language()
    try:
        from pipeline.collect.portals import SOURCES
        from pipeline.job.collect import Wish, collect
    except ModuleNotFoundError as error:
        if error.name not in PACKAGES:
            raise
        raise DataFault("collect.extra") from error
    if not (data.raw / SOURCES).is_file():
        raise DataFault("collect.no_sources", path=data.raw / SOURCES)

    def report_progress(crawled: Any) -> None:
        counts = {"lists": crawled.list_count, "pages": len(crawled.pages)}
        echo(say("collect.progress", lang, url=crawled.portal.url, **counts), err=True)

    collection = collect(data, Wish(dry_run, allow_private, replace), (lambda _: None) if quiet else report_progress)
    if as_json:
        write(to_json([*(_row(page, lang) for page in collection.pages), *_other_rows(collection, lang)]) + "\n")
    else:
        _print(collection, lang)
    counts = _counts(collection)
    echo(say("collect.previewed" if dry_run else "collect.done", lang, **counts), err=as_json)
    return ExitCode.PROBLEMS if counts["questions"] or counts["faults"] else ExitCode.OK


def _print(collection: Collection, lang: str) -> None:
    for page in collection.pages:
        if page.state in SHOWN:
            echo(_line(page, lang), fg=COLORS.get(page.state, "white"))
            echo(f"      {page.found.url}")
            if page.note:
                echo(f"      {say(page.note.code, lang, **page.note.values)}")
    for path, origin in collection.vanished.items():
        echo(say("collect.vanished", lang, path=path, url=origin.url), fg="yellow")
    for url, fault in collection.faults.items():
        echo(f"{url}: {say(fault.code, lang, **fault.values)}", fg="yellow")
    for url, note in collection.notes.items():
        echo(f"{url}: {say(note.code, lang, **note.values)}")
    for host, count in _other_hosts(collection).most_common():
        echo(say("collect.hosts", lang, host=host, count=count))


def _line(page: CollectedPage, lang: str) -> str:
    """Return a page in one line: its state, whose report it is, its date, and why it needs a person."""
    receipt = page.receipt
    parts = [page.found.title or page.found.url]
    if receipt and receipt.body and receipt.year:
        parts = [f"{receipt.body.name} {receipt.year}", say(f"collect.certainty.{page.certainty}", lang)]
        date = page.web.published_on
        parts.append(say("collect.published", lang, date=date) if date else say("collect.no_date", lang))
    if receipt and receipt.reason and page.state in ("other", "question", "no_report"):
        parts.append(say(receipt.reason.code, lang, **receipt.reason.values))
    elif receipt and receipt.differences:
        parts.append(say("collect.differences", lang, count=len(receipt.differences)))
    return f"{say(f'collect.state.{page.state}', lang)}  {separator(lang).join(parts)}"


def _row(page: CollectedPage, lang: str) -> dict[str, Any]:
    """Return a page as a row: codes for programs, sentences for people."""
    receipt, web = page.receipt, page.web
    fault = page.note or (receipt.reason if receipt else None)
    return {
        "state": page.state,
        "url": page.found.url,
        "title": page.found.title,
        "file_url": page.file_url or None,
        "body": receipt.body.name if receipt and receipt.body else None,
        "year": receipt.year if receipt else None,
        "certainty": page.certainty,
        "published_on": web.published_on or None,
        "collected_on": web.collected_on or None,
        "supersedes": web.supersedes or None,
        "report_id": page.report_id or None,
        "differences": len(receipt.differences) if receipt else 0,
        "reason": say(fault.code, lang, **fault.values) if fault else None,
    }


def _other_rows(collection: Collection, lang: str) -> Iterator[dict[str, Any]]:
    """Yield a row per address that was not received, per note on a list, per vanished report, and per other host."""
    for state, faults in (("fault", collection.faults), ("note", collection.notes)):
        for url, fault in faults.items():
            yield {"state": state, "url": url, "code": fault.code, "reason": say(fault.code, lang, **fault.values)}
    for path, origin in collection.vanished.items():
        yield {"state": "vanished", "url": origin.url, "report_id": path, "vanished_on": origin.vanished_on}
    for host, count in _other_hosts(collection).items():
        yield {"state": "other_host", "host": host, "links": count}


def _counts(collection: Collection) -> dict[str, int]:
    states = Counter(page.state for page in collection.pages)
    return {
        "requests": collection.requests,
        "new": states["new"],
        "replaced": states["revised"] + states["corrected"] + states["replaced"],
        "unchanged": states["unchanged"] + states["known"] + states["repeated"] + states["superseded"],
        "questions": states["question"] + states["other"],
        "none": states["no_report"],
        "faults": len(collection.faults),
        "vanished": len(collection.vanished),
    }


def _other_hosts(collection: Collection) -> Counter[str]:
    return sum((crawled.other_hosts for crawled in collection.portals), Counter())
