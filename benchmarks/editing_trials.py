"""Count what the editing makes of slips in real tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from random import Random
from statistics import median

from support.slips import Cells, Outcome, Printed, changed, last_year_of, outcome, recompute_all, tables, totals_above

from pipeline.edit.hypotheses import RecordContext

VERDICTS = ("right", "wrong", "unsure", "unseen")
SLIP_NAMES = {
    "mistyped": "一位数字打错 one digit wrong",
    "confused": "形近数字认错 a digit read as a similar one",
    "digit_lost": "漏一位数字 a digit left out",
    "blanked": "一格漏印 a cell left blank",
    "swapped": "左右两格互换 neighbours in a row exchanged",
    "swapped_down": "上下两格互换 neighbours in a column exchanged",
    "slid": "整行错位 a row shifted",
    "two_cells": "两格各有差错 two wrong cells",
    "pasted": "一列错贴一行 part of a column pasted a row lower",
    "rows_exchanged": "收、转、办、结四行中两行互换 two rows of the balance exchanged",
    "columns_exchanged": "两列互换 two columns exchanged",
    "author": "作者另写一数 another number",
    "two_recomputed": "两格各错，合计全部重算 two cells with all their totals",
    "recomputed": "改数后部分合计重算（含结转） some totals and the number carried out",
    "merged": "两格并成一格 two cells in one",
    "exchanged": "任意两格或两行互换 any two cells or rows exchanged",
    "copied": "抄了上一行的一部分 part of the row above copied",
    "many": "二至五格有差错 two to five wrong cells",
    "all_recomputed": "改数后合计全部重算 a cell with all its totals",
    "part_recomputed": "改数后部分合计重算 a cell with some of its totals",
    "total_left": "合计没有随之改 a total not renewed",
    "row_copied": "抄了另一行 another row copied",
    "column_copied": "抄了另一列 another column copied",
    "last_year": "一行或一列是上年的数 a row or column of last year",
}
OUTCOME_HEAD = (
    "| | 正确 right | 错误 wrong | 存疑 unsure | 未发现 not detected | 列出 listed |\n|---|---|---|---|---|---|"
)
LISTED_HEAD = OUTCOME_HEAD.splitlines()[0] + " 首位 first | 可能数 alternatives |\n" + "|---" * 8 + "|"
NARROWED_HEAD = "| 依据 evidence | 正确 right | 错误 wrong | 首位 first | 可能数 alternatives |\n|---|---|---|---|---|"

MakeSlip = Callable[[Random, Printed], Cells]


def try_slips(
    slips: Mapping[str, MakeSlip], trials: int, certified: Counter[str], *, with_ranks: bool = False
) -> Iterator[str]:
    """Yield one table row per kind of slip, and add the numbers of certified changes: `true` and `false` ones."""
    for kind, make_slip in slips.items():
        random, found = Random(kind), list[Outcome]()
        for _ in range(trials):
            table = random.choice(tables())
            before = last_year_of(table) if kind == "last_year" else {}
            context = RecordContext(table.rows, table.columns, last_year=before)
            found.append(outcome(table, changed(random, table, make_slip), context))
            certified += found[-1].certified
        yield f"| {SLIP_NAMES[kind]} | {_shares(found)} | {_listed(found)} |" + (_ranks(found) if with_ranks else "")


def _shares(found: list[Outcome]) -> str:
    counts = Counter(o.verdict for o in found)
    shares = {verdict: f"{100 * counts[verdict] / len(found):.1f} %" for verdict in VERDICTS}
    explained = sum(o.verdict == "wrong" and o.level == "explained" for o in found)
    shares["wrong"] += f" ({100 * explained / len(found):.1f} %)" if counts["wrong"] else ""
    return " | ".join(shares.values())


def _listed(found: list[Outcome]) -> str:
    detected = [o for o in found if o.level]
    return f"{100 * sum(o.rank is not None for o in detected) / len(detected):.1f} %" if detected else "-"


def _ranks(found: list[Outcome]) -> str:
    detected = [o for o in found if o.level]
    first = 100 * sum(o.rank == 0 for o in detected) / len(detected)
    return f" {first:.1f} % | {median(o.count for o in detected):.0f} |"


def narrow_down(trials: int) -> Iterator[str]:
    """Yield one table row per kind of evidence on a cell with all its totals computed again."""
    for name, evidence in EVIDENCE.items():
        random, found = Random("narrow"), list[Outcome]()
        for _ in range(trials):
            table = random.choice(tables())
            cells = changed(random, table, recompute_all)
            found.append(outcome(table, cells, evidence(table, cells)))
        right, wrong = (100 * sum(o.verdict == verdict for o in found) / trials for verdict in ("right", "wrong"))
        first = 100 * sum(o.rank == 0 for o in found) / trials
        count = median(o.count for o in found)
        yield f"| {name} | {right:.1f} % | {wrong:.1f} % | {first:.1f} % | {count:.0f} |"


def _leaf(table: Printed, cells: Cells) -> str:
    """Return the wrong cell that is no total: the others follow from it."""
    wrong = [c for c in cells if cells[c] != table.truth[c]]
    return next(c for c in wrong if set(totals_above(c)) | {c} == set(wrong))


def _stated(table: Printed, cells: Cells, kind: str) -> RecordContext:
    """Return the context in which something states a true number: of the wrong cell, or of the total of its row."""
    leaf = _leaf(table, cells)
    cell = leaf if kind == "members" else f"{leaf.rpartition('/')[0]}/total"
    stated: dict[str, Decimal] = {cell: table.truth[cell]}
    return RecordContext(table.rows, table.columns, stated=stated)


EVIDENCE: Mapping[str, Callable[[Printed, Cells], RecordContext]] = {
    "勾稽关系和数字形状 identities and digit slips": lambda table, _: RecordContext(table.rows, table.columns),
    "另有该行总计的真数（正文、上年） the true total of the row": lambda t, c: _stated(t, c, "total"),
    "另有该格的真数（成员汇总） the true number of the cell": lambda t, c: _stated(t, c, "members"),
}
