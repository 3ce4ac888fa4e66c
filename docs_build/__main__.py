"""Write the generated pages to `docs/reference`."""

from __future__ import annotations

from docs_build.pages import FOLDER, PAGES


def main() -> None:
    """Write every page."""
    for name, make_page in PAGES.items():
        (FOLDER / name).write_text(make_page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
