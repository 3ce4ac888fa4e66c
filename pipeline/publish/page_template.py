"""HTML pages from the templates in `templates/`. Jinja2 escapes every value, because values come from reports."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.publish"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_page(template: str, **values: object) -> str:
    """Return the page. Raises jinja2.UndefinedError if a value that the template uses is missing."""
    return _environment().get_template(template).render(**values)
