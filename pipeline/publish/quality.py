"""The quality report of a snapshot, on one page: coverage, failed edits, the share of derived figures, revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.core.messages import say
from pipeline.core.paths import SQL
from pipeline.core.sentences import number
from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.storage.database import Row, rows

FILE = "quality.md"
UNKNOWN = "—"  # the year of a quarantined report
COUNTS = ("loaded", "quarantined", "simulated", "reported", "due", "tested", "errors", "warnings", "figures", "imputed",
          "missing", "derived_cells", "revised_cells")  # fmt: skip
OF_KINDS = ("loaded", "quarantined", "simulated", "due", "reported", "errors", "warnings", "figures", "doubtful",
            "derived_cells", "revised_cells")  # fmt: skip
# By section: the columns of its table, each a count, or a share as (part, whole).
SECTIONS: dict[str, Sequence[str | tuple[str, str]]] = {
    "coverage": ("loaded", "quarantined", "simulated", "due", "reported", ("reported", "due")),
    "edits": ("tested", "errors", "warnings", ("errors", "tested")),
    "figures": ("figures", "imputed", ("imputed", "figures"), "missing"),
    "revisions": ("derived_cells", "revised_cells"),
}


def quality_page(snapshot: PublishedSnapshot, languages: Iterable[str]) -> str:
    """Return the report in Markdown in the given languages, one after the other. Raises OutdatedSnapshot."""
    with snapshot.connect() as connection:
        found = {
            name: rows(connection, (SQL / "quality" / f"{name}.sql").read_text(encoding="utf-8"))
            for name in ("years", "kinds", "failed_edits")
        }
    return "\n".join(line for lang in languages for line in _lines(snapshot, found, lang)) + "\n"


def _lines(snapshot: PublishedSnapshot, found: Mapping[str, Sequence[Row]], lang: str) -> Iterator[str]:
    """Yield the lines of the report in one language."""
    yield f"# {say('quality.title', lang)}\n"
    yield f"{snapshot.dataset.title[lang]}, {say('quality.snapshot', lang, snapshot=snapshot.id)}\n"
    yield f"{snapshot.dataset.caution[lang]}\n"
    years = found["years"]
    total: Row = {"year": say("quality.total", lang)} | {n: sum(row[n] for row in years) for n in COUNTS}
    for section, columns in SECTIONS.items():
        yield f"## {say(f'quality.{section}', lang)}\n"
        yield f"{say(f'quality.{section}.note', lang)}\n"
        yield _row([say("quality.year", lang), *(_heading(column, lang) for column in columns)])
        yield _row(["---", *["---:"] * len(columns)])
        yield from (
            _row([str(row["year"] or UNKNOWN), *(_value(row, column) for column in columns)]) for row in (*years, total)
        )
        yield ""
    if found["kinds"]:
        yield from _kinds(found["kinds"], lang)
    yield from _failed_edits(found["failed_edits"], lang)


def _kinds(kinds: Sequence[Row], lang: str) -> Iterator[str]:
    """Yield the section on the other kinds of report: a line for each kind and year."""
    yield f"## {say('quality.kinds', lang)}\n"
    yield f"{say('quality.kinds.note', lang)}\n"
    yield _row([say("quality.kind", lang), say("quality.year", lang), *(_heading(c, lang) for c in OF_KINDS)])
    yield _row(["---", "---", *["---:"] * len(OF_KINDS)])
    for row in kinds:
        yield _row([row[lang] or UNKNOWN, str(row["year"] or UNKNOWN), *(_value(row, c) for c in OF_KINDS)])
    yield ""


def _failed_edits(edits: Sequence[Row], lang: str) -> Iterator[str]:
    """Yield the list of the edits that fail most often."""
    yield f"## {say('quality.failed', lang)}\n"
    if not edits:
        yield say("quality.none", lang)
    for edit in edits:
        texts = {"name": edit[lang] or edit["identity"], "severity": say(f"quality.{edit['severity']}", lang)}
        yield f"- {say('quality.edit', lang, **{**edit, **texts})}"
    yield ""


def _heading(column: str | tuple[str, str], lang: str) -> str:
    return say(f"quality.column.{column if isinstance(column, str) else 'share'}", lang)


def _value(row: Row, column: str | tuple[str, str]) -> str:
    """Return a count, or a share in percent; an empty text where nothing is counted."""
    if isinstance(column, str):
        return number(row[column])
    part, whole = (row[name] for name in column)
    return f"{100 * part / whole:.2f} %" if whole else ""


def _row(fields: Sequence[str]) -> str:
    return f"| {' | '.join(fields)} |"
