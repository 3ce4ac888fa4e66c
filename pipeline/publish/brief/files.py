"""The files of a brief: DOCX and PDF, by the writers of compiled reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.core.file_names import safe_file_name
from pipeline.core.messages import say
from pipeline.core.model import DataFault
from pipeline.publish.brief.facts import BriefFacts
from pipeline.publish.brief.page import compose_brief
from pipeline.publish.form.docx import write_docx
from pipeline.publish.form.fill import mark_simulated
from pipeline.publish.form.html import write_pdf
from pipeline.publish.form.report_template import DocumentBlock

WRITERS = {"docx": write_docx, "pdf": write_pdf}
TITLE, REST = slice(0, 1), slice(1, None)


def write_brief(
    facts: BriefFacts, formats: Sequence[str], lang: str
) -> tuple[Mapping[str, bytes], tuple[DataFault, ...]]:
    """Return the content of each file by name, and the faults of formats that this machine cannot write.

    Example::

        with connect(data) as connection:
            files, faults = write_brief(collect_facts(connection, "洛阳市", 2025), ["docx", "pdf"], "zh")
    """
    blocks, faults, contents = compose_brief(facts, lang), list[DataFault](), dict[str, bytes]()
    name = say("brief.file", lang, body=facts.filled.short_body, year=facts.filled.year)
    stem = safe_file_name(mark_simulated(name, facts.filled))
    for kind in dict.fromkeys(formats):
        try:
            # The Word file has the warning in the header of each page.
            warned = [*blocks[TITLE], *_warning(facts), *blocks[REST]] if kind == "pdf" else blocks
            contents[f"{stem}.{kind}"] = WRITERS[kind](facts.filled, warned)
        except DataFault as fault:
            faults.append(fault)
    return contents, tuple(faults)


def _warning(facts: BriefFacts) -> Sequence[DocumentBlock]:
    """Return the warning about simulated figures and missing members, if there is one."""
    return [DocumentBlock("banner", facts.filled.banner)] if facts.filled.banner else []
