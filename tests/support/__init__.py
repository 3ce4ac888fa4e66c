"""Helpers that tests and benchmarks share: projects, generated documents, a browser, faults and oracles."""
