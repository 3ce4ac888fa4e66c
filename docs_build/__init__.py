"""Write the generated pages of the documentation: `uv run python -m docs_build`.

Each module has a function that returns one page of `docs/reference` as text, from the files that the program itself
uses. The same files give the same bytes. `tests/project/test_reference_pages.py` compares the pages with the committed
ones. This package is not part of an installation.
"""
