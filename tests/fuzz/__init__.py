"""Fuzz the readers and later stages: targets, invariants, a small corpus, and every input that once failed."""
