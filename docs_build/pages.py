"""The generated pages by file name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from docs_build.commands import commands_page
from docs_build.diagram import diagram_svg
from docs_build.forms import forms_page
from docs_build.kinds import kinds_page
from docs_build.messages import messages_page
from docs_build.python_api import python_page
from docs_build.rules import rules_page
from docs_build.tables import tables_page
from pipeline.core.paths import PACKAGE

FOLDER = PACKAGE.parent / "docs" / "reference"
PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "forms.md": forms_page,
    "kinds.md": kinds_page,
    "messages.md": messages_page,
    "python.md": python_page,
    "rules.md": rules_page,
    "tables.md": tables_page,
    "tables.svg": diagram_svg,
}
