"""Extract the figures that a report gives only in its prose.

Phrases read numbers in the sentences. The words around a number decide its scope: what it counts, and for which body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.core.model import Figure, Paragraph
from pipeline.core.text import normalize
from pipeline.extract.figure_phrases import PhraseMatch, match_phrases
from pipeline.extract.figure_scopes import OPEN_SCOPES, find_scopes
from pipeline.extract.figure_splits import PlacedFigure, add_split_figures
from pipeline.extract.figure_subjects import NAMED, OtherBody, find_other_body
from pipeline.extract.figure_totals import settle_scopes

# Longer runs are no prose of a report. The bound keeps the patterns' time linear in the size of the file.
MAX_SENTENCE_CHARS = 2000
TOPIC_CHARS = 200  # characters before a number in which its topic is searched
CLAUSE_CHARS = 40  # characters before a number in which a word for a sum is searched
_SENTENCE = re.compile(r"[^。;!?]+")
_SUM = re.compile("(?<!公)共(?![同享建和产青])|累计|总计|合计|总数|总量")
_TOPIC = re.compile(
    "申请(?:案件)?|复议|诉讼|留言|咨询|来信|信访|提案|议案|投诉|举报|诉求|工单|热线|信箱|邮件|案件|许可|舆情|建议"
)


def extract_figures(paragraphs: Sequence[Paragraph], year: int | None, body: str | None = None) -> tuple[Figure, ...]:
    """Return the figures of the prose in reading order, each once.

    `year` and `body` are those of the report, None if unknown; they show which figures belong to other years and other
    bodies. A figure whose `scope` is not `whole` is not the report's own total of its year.

    Example:
        >>> figures = extract_figures([Paragraph("收到申请265件，上年结转2件。")], 2019)
        >>> [(f.row, int(f.value), f.scope) for f in figures]
        [('applications.received', 265, 'whole'), ('applications.carried_in', 2, 'whole')]
    """
    found: list[tuple[int, PlacedFigure]] = []
    previous_text, previous_figures = "", list[PlacedFigure]()
    for number, paragraph in enumerate(paragraphs):
        text = "".join(normalize(paragraph.text).split())
        own_figures = list(_read_paragraph(text, year, body))
        placed_figures = add_split_figures(text, own_figures, previous_text, previous_figures)
        found += [(number, placed_figure) for placed_figure in placed_figures]
        if text:
            previous_text, previous_figures = text, placed_figures
    settled = settle_scopes([placed_figure for _, placed_figure in found])
    numbers = [number for number, _ in found]
    offsets = {number: list_offsets(paragraphs[number].text) for number in set(numbers)}
    figures = [_make_figure(f, paragraphs[n], n, offsets[n]) for n, f in zip(numbers, settled, strict=True)]
    return tuple(dict.fromkeys(sorted(figures, key=lambda f: (f.paragraph, f.start, f.row))))


def _make_figure(placed_figure: PlacedFigure, paragraph: Paragraph, number: int, offsets: Sequence[int]) -> Figure:
    """Return a figure with its text and offsets as printed; `number` is the 0-based place of its paragraph."""
    first, last = offsets[placed_figure.start], offsets[placed_figure.end - 1] + 1
    raw = paragraph.text[first:last]
    place = (paragraph.page, number, first, last)
    return Figure(
        placed_figure.row,
        raw,
        *place,
        placed_figure.value,
        placed_figure.approximate,
        placed_figure.scope,
        placed_figure.named_body,
    )


def _read_paragraph(text: str, year: int | None, body: str | None) -> Iterator[PlacedFigure]:
    """Yield the figures of a normalised paragraph without spaces."""
    rows_read: set[str] = set()
    for span in _SENTENCE.finditer(text):
        sentence = span.group()
        matches = match_phrases(sentence) if len(sentence) <= MAX_SENTENCE_CHARS else []
        scopes = find_scopes(sentence, matches, year, rows_read) if matches else ()
        for match, context_scope in zip(matches, scopes, strict=True):
            start = span.start() + match.start
            topic_scope = _find_topic_scope(match, text[max(0, start - TOPIC_CHARS) : start])
            words_before = sentence[: match.start]
            scope, other_body = _decide_scope(match, context_scope, topic_scope, words_before, body)
            yield _place(match, scope, other_body, sentence, span.start())


def _place(match: PhraseMatch, scope: str, other_body: OtherBody, sentence: str, sentence_start: int) -> PlacedFigure:
    """Return a match as a figure with offsets in its paragraph; `sentence_start` is the offset of its sentence."""
    unit = sentence[match.number_end : match.number_end + 1]
    start, end = sentence_start + match.start, sentence_start + match.end
    named_body = other_body.name if scope == "part" else ""
    subject = other_body.name if other_body.scope == NAMED else ""
    clause = sentence[: match.start].rpartition(",")[2][-CLAUSE_CHARS:] + match.text
    is_sum = bool(_SUM.search(clause))
    return PlacedFigure(
        match.row, match.value, match.approximate, scope, named_body, start, end, unit, subject, is_sum
    )  # fmt: skip


def _decide_scope(
    match: PhraseMatch, context_scope: str, topic_scope: str, words_before: str, body: str | None
) -> tuple[str, OtherBody]:
    """Return the scope of a figure and the other body that it may count for.

    The scope from the sentence comes first, then that from the topic, then that from the figure's subject, then the
    phrase's own.
    """
    other_body = find_other_body(words_before, body)
    if (context_scope and context_scope not in OPEN_SCOPES) or topic_scope:
        return context_scope or topic_scope, other_body
    is_settled = match.scope not in ("whole", *OPEN_SCOPES)
    own_scope = match.scope if is_settled or not context_scope else context_scope
    return (own_scope if other_body.scope in ("", NAMED) else other_body.scope), other_body


def _find_topic_scope(match: PhraseMatch, text_before: str) -> str:
    """Return the scope by topic of phrases such as 办结11件 or 上年结转2件; '' if they count applications.

    They count applications only if the last topic before them is 申请. Without any topic the scope is `uncertain`,
    except for applications carried in or out.
    """
    if not match.row.startswith("applications.") or "申请" in match.text:
        return ""
    topics = _TOPIC.findall(text_before)
    if not topics:
        return "" if match.row.startswith("applications.carried") else "uncertain"
    return "" if topics[-1].startswith("申请") else "part"


def list_offsets(text: str) -> list[int]:
    """Return the offset in the printed text of each character of the normalised text without spaces."""
    normalized_text = normalize(text)
    if len(normalized_text) == len(text):  # nearly always: then normalising moves no character
        return [i for i, c in enumerate(normalized_text) if not c.isspace()]
    return [i for i, c in enumerate(text) if not c.isspace() for n in normalize(c) if not n.isspace()]
