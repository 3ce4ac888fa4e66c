"""Turn a Document into an Extraction: body, year, form, statutory cells and prose figures."""

from pipeline.extract.extraction import extract

__all__ = ["extract"]
