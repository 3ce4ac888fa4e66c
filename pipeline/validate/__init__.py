"""The gate: a snapshot is published only if the suites of `expectations/` accept it."""
