"""Extract: a Document to who, which year, which form, its cells and the figures of its prose."""

from pipeline.extract.report import extract

__all__ = ["extract"]
