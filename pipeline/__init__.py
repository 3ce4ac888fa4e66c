"""ogi: from a folder of disclosure reports to a checked, queryable data set.

The flow, one way::

    read -> extract -> edit -> load -> roll up -> validate -> publish

`read` turns a file into a Document, `extract` a Document into Cells and Figures, `edit` tests the statutory
identities, `load` writes Parquet, `rollup` runs the SQL in `sql/`, `validate` runs the suites in `expectations/`,
`publish` switches the snapshot that everybody reads. Stages import only nouns (`model`, `text`, `form`, `identity`,
`register`, `tables`, `paths`); `run`, called by the command line, alone joins them.
"""
