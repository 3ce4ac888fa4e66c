"""Fuzzing: targets, what they must never do, a small corpus, and every input that once failed."""
