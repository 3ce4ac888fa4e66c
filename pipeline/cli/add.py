"""`ogi add`: receive reports: files, folders and ZIP archives. One line per file says what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from pipeline.cli.edit import to_json
from pipeline.cli.options import common_options, current_language, data_option, existing_data, help_text
from pipeline.cli.terminal import echo, write
from pipeline.core.messages import say
from pipeline.core.model import ExitCode
from pipeline.job.accept import Acceptance, Accepted, accept
from pipeline.job.check import Statement
from pipeline.job.receive import receive
from pipeline.publish.receipt_text import counts_of, difference_lines, receipt_line, receipt_row
from pipeline.raw.incoming import list_incoming

COLORS = {"ready": "green", "returned": "red", "version": "yellow", "unknown": "yellow"}
DONE = ("ready", "duplicate", "ignored")


@click.command(help=help_text("add"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@data_option
@click.option("--body", help=help_text("body"))
@click.option("--year", type=click.IntRange(2008, 2100), help=help_text("add_year"))
@click.option("--quarter", type=click.IntRange(1, 4), help=help_text("add_quarter"))
@click.option("--subject", help=help_text("add_subject"))
@click.option(
    "--provenance", type=click.Choice(["published", "transcribed"]), default="published", help=help_text("provenance")
)
@click.option("--source", default="", help=help_text("source"))
@click.option("--replace", is_flag=True, help=help_text("replace"))
@click.option("--dry-run", is_flag=True, help=help_text("add_dry_run"))
@click.option("--json", "as_json", is_flag=True, help=help_text("add_json"))
@common_options
def command(
    files: tuple[Path, ...], root: Path, body: str | None, year: int | None, quarter: int | None, subject: str | None,
    provenance: str, source: str, replace: bool, dry_run: bool, as_json: bool,
) -> int:  # fmt: skip
    """Receive reports: 0 if all are registered and without errors, 1 if some need a person, 3 if nothing is there."""
    data, lang = existing_data(root), current_language()
    with TemporaryDirectory(prefix="ogi-") as folder:
        incoming = list_incoming(files, Path(folder))
        one = len(incoming) == 1 and incoming[0].fault is None
        for option, value in (("--body", body), ("--quarter", quarter), ("--subject", subject)):
            if value and not one:
                raise click.UsageError(say("usage.add_one", lang, option=option, count=len(incoming)))
        statements = {incoming[0].path: Statement(body, year, quarter, subject)} if one else {}
        receipts = receive(incoming, data, statements, None if one else year)
        how = Acceptance(source, provenance, replace)  # type: ignore[arg-type]  # click knows the choices
        accepted = [Accepted(r) for r in receipts] if dry_run else accept(receipts, data, how)
    if as_json:
        write(to_json([{**receipt_row(a.receipt, lang), "report_id": a.report_id or None} for a in accepted]) + "\n")
    else:
        _print(accepted, lang)
    return _exit_code(accepted)


def _print(accepted: Sequence[Accepted], lang: str) -> None:
    for result in accepted:
        receipt = result.receipt
        echo(receipt_line(receipt, lang), fg=COLORS.get(receipt.status, "white"))
        for line in difference_lines(receipt, lang):
            echo(f"      {line}")
    registered = sum(bool(a.report_id) for a in accepted)
    echo(say("add.done", lang, count=registered, files=len(accepted)))


def _exit_code(accepted: Sequence[Accepted]) -> int:
    receipts = [a.receipt for a in accepted]
    if not receipts or all(receipt.status == "ignored" for receipt in receipts):
        return ExitCode.NOTHING
    is_clean = all(r.status in DONE and not counts_of(r)["error"] for r in receipts)
    return ExitCode.OK if is_clean else ExitCode.PROBLEMS
