"""ogi: from a folder of disclosure reports to a checked, queryable data set.

The flow, one way::

    read -> extract -> edit -> load -> roll up -> validate -> publish

Each package is a stage or a layer. A module imports only from packages to the left of its own::

    core < registry, runtime < read, extract, edit < report < raw < collect, storage < rollup, validate < job < publish
        < desk < cli

`core` has the nouns, `registry` the bodies that report, `runtime` processes and machine. `read` turns a file into a
Document, `extract` a Document into cells and figures, `edit` tests the statutory identities; `report` joins these
three for one report. `raw` is the folder of reports, `collect` finds reports on the web, `storage` is the tables on
disk. `rollup` runs the SQL of `sql/`, `validate` the suites of `expectations/`. `job` joins all stages and publishes a
snapshot; `publish` makes the documents and pages that people open; `desk` is the web application of the clerk, `cli`
the command line. `simulate` makes reports for trials and tests.

Folders without code hold what changes most often:

- `pipeline/forms`: one YAML file per statutory form, with its tables, labels, units and identities. A new form also
  needs lines in `reference/crosswalk.csv`.
- `pipeline/kinds`: one folder per other kind of report, such as inspections of websites: its tables, phrases, edits.
- `pipeline/reference`: spellings of labels, phrases of the prose, bodies and successions, indicators, the crosswalk
  from forms to indicators, rates as ratios of indicators (`rate_terms`), and the data dictionary (`columns`, with
  allowed values). `make_regions` generates `regions` and `lineage`. An office's own bodies are in `data/raw`.
- `pipeline/publish/assets/site`: one JavaScript file per page of the site, and shared ones (`core`, `chart`, `table`).
- `pipeline/publish/templates`: the pages in HTML, and the prose of the filled form.
- `sql/rollup`: one file per mart. `sql/steps`: intermediate results. `sql/checks`: one SELECT per rule between years,
  bodies or prose; its wording is the line `check.<identity>` in `core/messages.csv`. `sql/publish`: views for analysts.
  `sql/queries`: saved queries. `sql/pages`, `sql/job`: what pages, commands and the job ask.
- `expectations`: one suite per table; `python -m pipeline.validate.suites` writes its generated lines.

The Python API::

    import pipeline as ogi

    outcome = ogi.run("data")                        # all stages, as `ogi run`
    (report,) = ogi.check([Path("a.html")], "data")  # one report before it is submitted, as `ogi check`
    data = ogi.open("data")                          # the published data, read-only
    data.query("headline", body="三门峡市", year=2019)  # a saved query or a SELECT, as a data frame
    with ogi.connect("data") as connection:          # the same tables, as a DuckDB connection
        print(connection.sql("SELECT * FROM headline"))
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.job.check import check
    from pipeline.job.run import run
    from pipeline.publish.dataset import open_data as open  # noqa: A004 (used as `ogi.open`)
    from pipeline.storage.database import connect

# Imported when used: `ogi --help` must not wait for DuckDB.
API = {
    "run": ("pipeline.job.run", "run"),
    "check": ("pipeline.job.check", "check"),
    "connect": ("pipeline.storage.database", "connect"),
    "open": ("pipeline.publish.dataset", "open_data"),
}

__all__ = ["check", "connect", "open", "run"]


def __getattr__(name: str) -> object:
    if name not in API:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = API[name]
    return getattr(import_module(module), attribute)
