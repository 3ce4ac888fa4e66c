"""The notice that sends a report back to its body (退回修改通知): one printable page with all open problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.core.messages import say
from pipeline.core.paths import Data
from pipeline.core.problems import problems
from pipeline.core.sentences import without_addresses
from pipeline.publish.page_template import render_page
from pipeline.storage.database import ask, connect


def open_problems(data: Data, report_id: str, lang: str) -> Mapping[str, list[str]]:
    """Return the sentences about a published report by severity: `error` and `warning`.

    Raises FileNotFoundError where nothing is published.
    """
    with connect(data) as connection:
        chosen = {"reports": [report_id]}
        proposals, failures = ask(connection, "status_proposals", chosen), ask(connection, "status_failures", chosen)
    rows = [*proposals, *failures]
    return problems(proposals, failures, rows[0]["form"] if rows else None, lang)


def render_notice(sender: str, body: str, report: str, texts: Sequence[str], lang: str) -> str:
    """Return the notice as a page that prints on A4. `texts` are the problems or the reason, one per line.

    `report` is the name of the report without that of its body: its period and kind.
    """
    return render_page(
        "return_notice.html",
        language="zh-CN" if lang == "zh" else "en",
        title=say("notice.title", lang),
        receiver=say("notice.receiver", lang, body=body),
        opening=say("notice.opening", lang, report=report),
        texts=[without_addresses(text) for text in texts],
        closing=say("notice.closing", lang),
        sender=sender,
    )
