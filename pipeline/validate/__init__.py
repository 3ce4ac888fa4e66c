"""The gate: a snapshot is published only if the suites of `expectations/` and `sql/assertions` accept it."""
