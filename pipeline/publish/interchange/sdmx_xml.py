"""The elements of an SDMX-ML 3.0 message: namespaces, names in both languages, artefacts with agency and version."""

from __future__ import annotations

from typing import Any

from lxml import etree

from pipeline.publish.interchange.dataset import LocalizedText

# A version in two parts may change (SDMX 3.0, section 6, "Versioning"), because the register grows.
AGENCY, CONCEPT_SCHEME_ID, VERSION = "OGI", "CS_OGI", "1.0"
URN_PREFIX = "urn:sdmx:org.sdmx.infomodel."
SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/"
NAMESPACES = {"mes": f"{SCHEMAS}message", "str": f"{SCHEMAS}structure", "com": f"{SCHEMAS}common"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def tag(name: str) -> str:
    """Return a name with prefix, such as `str:Code`, in the notation of lxml."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    """Append an element, given by its name with prefix, and return it."""
    element = etree.SubElement(parent, tag(name), attributes)
    element.text = text
    return element


def add_names(parent: Any, names: LocalizedText, tag: str = "Name") -> None:
    """Append an element per language; `tag` is Name or Description."""
    for lang, text in names.items():
        add(parent, f"com:{tag}", text).set(LANG, lang)


def add_artefact(parent: Any, name: str, artefact_id: str, names: LocalizedText) -> Any:
    """Append and return a maintainable artefact, which has an agency and a version."""
    element = add(parent, f"str:{name}", id=artefact_id, agencyID=AGENCY, version=VERSION)
    add_names(element, names)
    return element
