"""The structure message of the SDMX export (SDMX-ML 3.0): dataflows, data structures, concepts and code lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from pipeline.publish.interchange.dataset import LocalizedText
from pipeline.publish.interchange.sdmx_xml import (
    AGENCY,
    CONCEPT_SCHEME_ID,
    NAMESPACES,
    URN_PREFIX,
    VERSION,
    add,
    add_artefact,
    add_names,
    tag,
)
from pipeline.publish.interchange.snapshot_tables import CAUTION, TITLE

# The schema demands the time of the message; the real time would change the bytes of unchanged data.
PREPARED_TIME = "1970-01-01T00:00:00Z"
CODE_NOTE = {
    "zh": "代码中 @ 代表原编号的点号，$十六进制$ 代表其他字符。",
    "en": "In a code @ stands for a dot of our id, $hexadecimal$ for another character.",
}


@dataclass(frozen=True)
class Codelist:
    """A code list: its names, and by each of our values the code and its names. The value "" matches any other.

    `parents` has the code of the superior by code.
    """

    id: str
    names: LocalizedText
    codes: Mapping[str, tuple[str, LocalizedText]]
    parents: Mapping[str, str] = field(default_factory=dict)

    def code(self, value: str) -> str | None:
        """Return the code of one of our values, None if there is none."""
        entry = self.codes.get(value) or self.codes.get("")
        return entry[0] if entry else None


@dataclass(frozen=True)
class Component:
    """A column of a table in SDMX: `role` is Dimension, TimeDimension, Measure or Attribute."""

    id: str
    role: str
    column: str
    names: LocalizedText
    codelist: Codelist | None


@dataclass(frozen=True)
class Dataflow:
    """A dataflow with its data structure, which has the same id: names, and components in the order of the columns."""

    id: str
    names: LocalizedText
    components: Sequence[Component]

    @property
    def reference(self) -> str:
        """The agency, id and version."""
        return f"{AGENCY}:{self.id}({VERSION})"


def structure_message(snapshot_id: str, flows: Sequence[Dataflow]) -> bytes:
    """Return the XML message; the same arguments give the same bytes."""
    root = etree.Element(tag("mes:Structure"), nsmap=NAMESPACES)
    header = add(root, "mes:Header")
    for name, text in (("ID", f"OGI-{snapshot_id}"), ("Test", "false"), ("Prepared", PREPARED_TIME)):
        add(header, f"mes:{name}", text)
    add(header, "mes:Sender", id=AGENCY)
    structures = add(root, "mes:Structures")
    _add_dataflows(structures, flows)
    # The first component with an id names its code list and its concept for all flows.
    components = {c.id: c for flow in reversed(flows) for c in reversed(flow.components)}
    codelists = add(structures, "str:Codelists")
    for component in reversed(components.values()):
        if component.codelist:
            _add_codelist(codelists, component.codelist)
    _add_concepts(structures, list(reversed(components.values())))
    definitions = add(structures, "str:DataStructures")
    for flow in flows:
        _add_data_structure(definitions, flow)
    _add_hierarchies(structures, [c.codelist for c in components.values() if c.codelist and c.codelist.parents])
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _add_dataflows(structures: Any, flows: Sequence[Dataflow]) -> None:
    """Append the dataflows, which refer to their data structures."""
    element = add(structures, "str:Dataflows")
    for flow in flows:
        child = add_artefact(element, "Dataflow", flow.id, flow.names)
        add_names(child, CAUTION, "Description")
        add(child, "str:Structure", f"{URN_PREFIX}datastructure.DataStructure={flow.reference}")


def _add_codelist(codelists: Any, codelist: Codelist) -> None:
    """Append a code list with the names of its codes."""
    element = add_artefact(codelists, "Codelist", f"CL_{codelist.id}", codelist.names)
    add_names(element, CODE_NOTE, "Description")
    # Several values may have one code: a dict keeps one entry per code.
    for code, names in dict(codelist.codes.values()).items():
        add_names(add(element, "str:Code", id=code), names)


def _add_hierarchies(structures: Any, codelists: Sequence[Codelist]) -> None:
    """Append the hierarchy of each code list with superiors.

    It is not the element `Parent` of a code, because SDMX-ML 3.0 does not allow there a code that begins with a digit.
    """
    hierarchies = add(structures, "str:Hierarchies") if codelists else None
    for codelist in codelists:
        hierarchy = add_artefact(hierarchies, "Hierarchy", f"H_{codelist.id}", codelist.names)
        hierarchy.set("hasFormalLevels", "false")
        codes = list(dict.fromkeys(code for code, _ in codelist.codes.values()))
        elements: dict[str, Any] = {}
        for code in codes:
            elements[code] = etree.Element(tag("str:HierarchicalCode"), id=code)
            urn = f"{URN_PREFIX}codelist.Code={AGENCY}:CL_{codelist.id}({VERSION}).{code}"
            add(elements[code], "str:Code", urn)
        for code in codes:
            elements.get(codelist.parents.get(code, ""), hierarchy).append(elements[code])


def _add_concepts(structures: Any, components: Sequence[Component]) -> None:
    """Append the concept scheme: one concept per component."""
    scheme = add_artefact(add(structures, "str:ConceptSchemes"), "ConceptScheme", CONCEPT_SCHEME_ID, TITLE)
    for component in components:
        add_names(add(scheme, "str:Concept", id=component.id), component.names)


def _add_data_structure(definitions: Any, flow: Dataflow) -> None:
    """Append the data structure definition: the lists of dimensions, attributes and measures, in this order."""
    definition = add_artefact(definitions, "DataStructure", flow.id, flow.names)
    lists = add(definition, "str:DataStructureComponents")
    dimensions, attributes, measures = (add(lists, f"str:{n}List") for n in ("Dimension", "Attribute", "Measure"))
    list_by_role = {
        "Dimension": dimensions, "TimeDimension": dimensions, "Attribute": attributes, "Measure": measures,
    }  # fmt: skip
    for component in flow.components:
        element = add(list_by_role[component.role], f"str:{component.role}", id=component.id)
        concept = f"{AGENCY}:{CONCEPT_SCHEME_ID}({VERSION}).{component.id}"
        add(element, "str:ConceptIdentity", f"{URN_PREFIX}conceptscheme.Concept={concept}")
        _add_representation(element, component)
        if component.role == "Attribute":
            element.set("usage", "mandatory" if component.codelist else "optional")
            add(add(element, "str:AttributeRelationship"), "str:Observation")


def _add_representation(element: Any, component: Component) -> None:
    """Append the code list of a component, or else the type of its text."""
    representation = add(element, "str:LocalRepresentation")
    if component.codelist:
        urn = f"{URN_PREFIX}codelist.Codelist={AGENCY}:CL_{component.id}({VERSION})"
        add(representation, "str:Enumeration", urn)
    else:
        text_types = {"TimeDimension": "GregorianYear", "Measure": "Decimal"}
        add(representation, "str:TextFormat", textType=text_types.get(component.role, "String"))
