"""Annotate: write a copy of an office's own file with comments in the wrong cells. Nothing else of the file changes."""

from pipeline.publish.annotate.note import Note
from pipeline.publish.annotate.notes import FORMATS, annotate, find_notes

__all__ = ["FORMATS", "Note", "annotate", "find_notes"]
