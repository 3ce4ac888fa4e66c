"""The structure message of the SDMX export (SDMX-ML 3.0): dataflow, data structure, concepts and code lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.publish.interchange.snapshot_tables import CAUTION, TITLE

# A version in two parts may change (SDMX 3.0, section 6, "Versioning"), because the register grows.
AGENCY, FLOW_ID, CONCEPT_SCHEME_ID, VERSION = "OGI", "OGI", "CS_OGI", "1.0"
FLOW_REFERENCE = f"{AGENCY}:{FLOW_ID}({VERSION})"
URN_PREFIX = "urn:sdmx:org.sdmx.infomodel."
SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/"
NAMESPACES = {"mes": f"{SCHEMAS}message", "str": f"{SCHEMAS}structure", "com": f"{SCHEMAS}common"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# The schema demands the time of the message; the real time would change the bytes of unchanged data.
PREPARED_TIME = "1970-01-01T00:00:00Z"
CODE_NOTE = {
    "zh": "代码中 @ 代表原编号的点号，$十六进制$ 代表其他字符。",
    "en": "In a code @ stands for a dot of our id, $hexadecimal$ for another character.",
}

LocalizedText = Mapping[str, str]
"""A text by language, `zh` and `en`."""


@dataclass(frozen=True)
class Codelist:
    """A code list: its names, and by each of our values the code and its names. The value "" matches any other."""

    id: str
    names: LocalizedText
    codes: Mapping[str, tuple[str, LocalizedText]]

    def code(self, value: str) -> str | None:
        """Return the code of one of our values, None if there is none."""
        entry = self.codes.get(value) or self.codes.get("")
        return entry[0] if entry else None


@dataclass(frozen=True)
class Component:
    """A column of `observations` in SDMX: `role` is Dimension, TimeDimension, Measure or Attribute."""

    id: str
    role: str
    column: str
    names: LocalizedText
    codelist: Codelist | None


def structure_message(snapshot_id: str, components: Sequence[Component]) -> bytes:
    """Return the XML message; the same arguments give the same bytes."""
    root = etree.Element(_tag("mes:Structure"), nsmap=NAMESPACES)
    header = _add(root, "mes:Header")
    for name, text in (("ID", f"OGI-{snapshot_id}"), ("Test", "false"), ("Prepared", PREPARED_TIME)):
        _add(header, f"mes:{name}", text)
    _add(header, "mes:Sender", id=AGENCY)
    structures = _add(root, "mes:Structures")
    _add_dataflow(structures)
    codelists = _add(structures, "str:Codelists")
    for component in components:
        if component.codelist:
            _add_codelist(codelists, component.codelist)
    _add_concepts(structures, components)
    _add_data_structure(structures, components)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _tag(name: str) -> str:
    """Return a name with prefix, such as `str:Code`, in the notation of lxml."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    """Append an element, given by its name with prefix, and return it."""
    element = etree.SubElement(parent, _tag(name), attributes)
    element.text = text
    return element


def _add_names(parent: Any, names: LocalizedText, tag: str = "Name") -> None:
    """Append an element per language; `tag` is Name or Description."""
    for lang, text in names.items():
        _add(parent, f"com:{tag}", text).set(LANG, lang)


def _add_artefact(parent: Any, name: str, artefact_id: str, names: LocalizedText) -> Any:
    """Append and return a maintainable artefact, which has an agency and a version."""
    element = _add(parent, f"str:{name}", id=artefact_id, agencyID=AGENCY, version=VERSION)
    _add_names(element, names)
    return element


def _add_dataflow(structures: Any) -> None:
    """Append the dataflow, which refers to the data structure."""
    flow = _add_artefact(_add(structures, "str:Dataflows"), "Dataflow", FLOW_ID, TITLE)
    _add_names(flow, CAUTION, "Description")
    _add(flow, "str:Structure", f"{URN_PREFIX}datastructure.DataStructure={FLOW_REFERENCE}")


def _add_codelist(codelists: Any, codelist: Codelist) -> None:
    """Append a code list with the names of its codes."""
    element = _add_artefact(codelists, "Codelist", f"CL_{codelist.id}", codelist.names)
    _add_names(element, CODE_NOTE, "Description")
    # Several values may have one code: a dict keeps one entry per code.
    for code, names in dict(codelist.codes.values()).items():
        _add_names(_add(element, "str:Code", id=code), names)


def _add_concepts(structures: Any, components: Sequence[Component]) -> None:
    """Append the concept scheme: one concept per component."""
    scheme = _add_artefact(_add(structures, "str:ConceptSchemes"), "ConceptScheme", CONCEPT_SCHEME_ID, TITLE)
    for component in components:
        _add_names(_add(scheme, "str:Concept", id=component.id), component.names)


def _add_data_structure(structures: Any, components: Sequence[Component]) -> None:
    """Append the data structure definition: the lists of dimensions, attributes and measures, in this order."""
    definition = _add_artefact(_add(structures, "str:DataStructures"), "DataStructure", FLOW_ID, TITLE)
    lists = _add(definition, "str:DataStructureComponents")
    dimensions, attributes, measures = (_add(lists, f"str:{n}List") for n in ("Dimension", "Attribute", "Measure"))
    list_by_role = {
        "Dimension": dimensions, "TimeDimension": dimensions, "Attribute": attributes, "Measure": measures,
    }  # fmt: skip
    for component in components:
        element = _add(list_by_role[component.role], f"str:{component.role}", id=component.id)
        concept = f"{AGENCY}:{CONCEPT_SCHEME_ID}({VERSION}).{component.id}"
        _add(element, "str:ConceptIdentity", f"{URN_PREFIX}conceptscheme.Concept={concept}")
        _add_representation(element, component)
        if component.role == "Attribute":
            element.set("usage", "mandatory" if component.codelist else "optional")
            _add(_add(element, "str:AttributeRelationship"), "str:Observation")


def _add_representation(element: Any, component: Component) -> None:
    """Append the code list of a component, or else the type of its text."""
    representation = _add(element, "str:LocalRepresentation")
    if component.codelist:
        urn = f"{URN_PREFIX}codelist.Codelist={AGENCY}:CL_{component.id}({VERSION})"
        _add(representation, "str:Enumeration", urn)
    else:
        text_types = {"TimeDimension": "GregorianYear", "Measure": "Decimal"}
        _add(representation, "str:TextFormat", textType=text_types.get(component.role, "String"))
