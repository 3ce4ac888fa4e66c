"""The files of groups and of bodies: `c<n>.js`, `q<n>.js` and `b<n>.js`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.publish.interchange.snapshot_tables import PublishedSnapshot
from pipeline.publish.site.body_data import reports_by_body
from pipeline.publish.site.data_script import write_data_script
from pipeline.publish.site.group_data import PROVENANCE_LETTERS, group_data
from pipeline.publish.site.series import NO_LETTER
from pipeline.publish.site.shared_data import Group

MIN_BATCH_BODIES = 400  # a batch of groups is complete with this many bodies, whose data are in memory together
PROBLEM_REPORT_KEYS = ("year", "form", "path", "error", "warning", "prose")


def batches(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Yield batches of groups. Each but the last has at least MIN_BATCH_BODIES bodies."""
    batch: list[Group] = []
    for group in groups:
        batch.append(group)
        if sum(len(g.bodies) for g in batch) >= MIN_BATCH_BODIES:
            yield batch
            batch = []
    if batch:
        yield batch


def write_groups(snapshot: PublishedSnapshot, groups: Sequence[Group], folder: Path) -> None:
    """Write the files of each group."""
    with snapshot.connect() as connection:
        reports = reports_by_body(connection, groups)
        figures = group_data(connection, groups)
    for group, own_figures in zip(groups, figures, strict=True):
        write_data_script(folder, f"c{group.position}", own_figures)
        write_data_script(folder, f"q{group.position}", {"reports": list(_problem_reports(group, reports))})
        for body in group.own_bodies:
            write_data_script(folder, f"b{group.bodies[body]}", {"id": body, "reports": reports[body]})


def _problem_reports(group: Group, reports: Mapping[str, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Yield the reports of a group that have an error or a warning, reports with errors first."""
    pairs = [(b, r) for b in group.bodies for r in reports[b] if r.get("error") or r.get("warning")]
    for body, report in sorted(pairs, key=lambda pair: "error" not in pair[1]):
        entry = {k: v for k, v in report.items() if k in PROBLEM_REPORT_KEYS}
        provenance = PROVENANCE_LETTERS.get(report["provenance"], NO_LETTER)
        yield {**entry, "body": body, "at": group.bodies[body], "prov": provenance}
