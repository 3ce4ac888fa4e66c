"""The page of all messages."""

from __future__ import annotations

import csv

from docs_build.markdown import code, page, table, text
from pipeline.core.paths import MESSAGES

LEAD = """Every text that ogi shows, from `pipeline/core/messages.csv`: 中文 and English. A word in braces is replaced
by a value. The part of a code before the first dot names the command or the stage."""


def messages_page() -> str:
    """Return the page: one row per line of `messages.csv`, by the part of the code before the first dot."""
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        lines = sorted(csv.DictReader(file), key=lambda line: line["code"].partition(".")[0])
    sections = []
    for group in dict.fromkeys(line["code"].partition(".")[0] for line in lines):
        rows = [
            (code(line["code"]), text(line["zh"]), text(line["en"]))
            for line in lines
            if line["code"].partition(".")[0] == group
        ]
        sections += [f"## {group}\n", table(("code", "中文", "English"), rows)]
    return page("Messages", LEAD, sections)
