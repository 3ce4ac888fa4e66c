"""Measure the times of the editing, of Banff and of a solver on the same records, in the same run."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from random import Random
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from support.oracle import lightest
from support.slips import INSIDE, Cells, Printed, changed, recompute_all, record, tables, two_cells

from pipeline.core.form import forms
from pipeline.edit.edits import EditSet
from pipeline.edit.explain import explain
from pipeline.edit.hypotheses import RecordContext
from pipeline.edit.localise import localise
from pipeline.edit.review import form_edit_set
from pipeline.edit.statutory import screen_matrix

TRIALS_PER_PEER_CALL = 10  # the peers take some 50 times as long as `localise`, or more
BATCH = 21  # records that Banff gets at a time
SOLVER_BOUND = 10_000  # larger than any number of these tables
BANFF_SECONDS = 20  # Banff gives a record up after this time
SPEED_HEAD = (
    "| | localise | with explanations | Banff | scipy.optimize.milp | Banff : localise | milp : localise |\n"
    "|---|---|---|---|---|---|---|"
)
SLIPS: Mapping[str, tuple[str, Callable[[Random, Printed], Cells]]] = {
    "one": ("一格 one cell", INSIDE["mistyped"]),
    "two": ("两格 two cells", two_cells),
    "recomputed": ("一格及其合计 a cell and its totals", recompute_all),
}


def milliseconds(work: Callable[[], object]) -> float:
    """Return the wall time of the work in milliseconds."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def measure_speed(trials: int) -> list[str]:
    """Return one table row per kind of error: the median times of `localise`, `explain` and the two peers."""
    rows = []
    for seed, (name, make_slip) in SLIPS.items():
        random = Random(seed)
        times: dict[str, list[float]] = {"localise": [], "explain": [], "milp": []}
        batch: list[Mapping[str, int | None]] = []
        for number in range(trials):
            table = random.choice(tables())
            values = record(table, changed(random, table, make_slip))
            part = _applications(table.form)
            context = RecordContext(table.rows, table.columns)
            times["localise"].append(milliseconds(lambda p=part, v=values: localise(p, v)))  # type: ignore[misc]
            times["explain"].append(milliseconds(lambda p=part, v=values, c=context: explain(p, v, c)))  # type: ignore[misc]
            whole = {a: None if v is None else int(v) for a, v in values.items()}
            if table.form == "2021" and len(batch) < BATCH:
                batch.append(whole)
            if number % TRIALS_PER_PEER_CALL == 0:
                times["milp"].append(milliseconds(lambda p=part, v=whole: lightest(p, v, {}, SOLVER_BOUND)))  # type: ignore[misc]
        ours, explained, milp = (median(times[n]) for n in ("localise", "explain", "milp"))
        banff = time_banff(_applications("2021"), batch)
        rows.append(
            f"| {name} | {ours:.2f} ms | {explained:.2f} ms | {banff:.1f} ms | {milp:.1f} ms | {banff / ours:.0f} "
            f"| {milp / ours:.0f} |"
        )
    return rows


def _applications(form: str) -> EditSet:
    """Return the edits of the table of applications."""
    return next(p for p in form_edit_set(form).components if len(p.variables) > 100)


def time_banff(part: EditSet, records: Sequence[Mapping[str, int | None]]) -> float:
    """Return the milliseconds in which Banff localises the errors of a further record, without its start."""
    one, all_of_them = (_run_banff(part, chosen) for chosen in (records[:1], records))
    return (all_of_them - one) / (len(records) - 1)


def _run_banff(part: EditSet, records: Sequence[Mapping[str, int | None]]) -> float:
    """Return the milliseconds of one call of Banff."""
    logging.disable(logging.INFO)
    with _quiet():
        import banff
    hard = [e for e in part.edits if e.hard]
    names = {v: f"V{i}" for i, v in enumerate(dict.fromkeys(v for e in hard for v in e.coef))}
    edits = " ".join(_write_edit(e.coef, e.op, names) for e in hard if len(e.coef) > 1)
    rows = [{names[v]: float(r.get(v) or 0) for v in names} | {"ID": f"{i:03}"} for i, r in enumerate(records)]
    options: dict[str, Any] = {"unit_id": "ID", "edits": edits, "time_per_obs": BANFF_SECONDS, "accept_negative": False}
    with _quiet():
        return milliseconds(lambda: banff.errorloc(indata=pd.DataFrame(rows), outstatus="pandas", **options))


@contextmanager
def _quiet() -> Iterator[None]:
    """Drop what a library prints."""
    sys.stdout.flush()
    saved, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)
        os.close(nowhere)


def _write_edit(coef: Mapping[str, Any], op: str, names: Mapping[str, str]) -> str:
    terms = " + ".join(f"{c} * {names[v]}" for v, c in coef.items())
    return f"{terms} {'=' if op == '==' else op} 0;"


def measure_screening(reports: int) -> float:
    """Return the microseconds per report to screen this many consistent reports on form 2021."""
    table = next(t for t in tables() if t.form == "2021")
    form = forms()["2021"]
    values = {**dict.fromkeys(form.addresses(), Decimal(0)), **table.truth}
    report = np.array([int(values[a]) * 10**6 for a in form.addresses()], np.int64)
    matrix = np.outer(
        report, np.arange(1, reports + 1, dtype=np.int64) % 50
    )  # a multiple of a consistent report is one
    times: Sequence[float] = [milliseconds(lambda: screen_matrix(matrix, form)) for _ in range(3)]
    assert not screen_matrix(matrix, form).any()
    return 1000 * median(times) / reports
