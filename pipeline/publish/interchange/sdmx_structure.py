"""The structure message of the SDMX export (SDMX-ML 3.0): dataflow, data structure, concepts and code lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.publish.interchange.source import CAUTION, TITLE

# A version in two parts is one that may change (SDMX 3.0, section 6, "Versioning"): the register grows.
AGENCY, FLOW_ID, CONCEPTS, VERSION = "OGI", "OGI", "CS_OGI", "1.0"
FLOW = f"{AGENCY}:{FLOW_ID}({VERSION})"
MODEL = "urn:sdmx:org.sdmx.infomodel."
SPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/"
SPACES = {"mes": f"{SPACE}message", "str": f"{SPACE}structure", "com": f"{SPACE}common"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# The schema asks when the message was made; a clock would make other bytes of the same data.
PREPARED = "1970-01-01T00:00:00Z"
CODING = {
    "zh": "代码中 @ 代表原编号的点号，$十六进制$ 代表其他字符。",
    "en": "In a code @ stands for a dot of our id, $hexadecimal$ for another character.",
}

Words = Mapping[str, str]


@dataclass(frozen=True)
class Codelist:
    """A code list: its words by language, and by our value the code and its words; "" stands for any other value."""

    id: str
    words: Words
    codes: Mapping[str, tuple[str, Words]]

    def code(self, value: str) -> str | None:
        """The code of a value of ours, if it has one."""
        found = self.codes.get(value) or self.codes.get("")
        return found[0] if found else None


@dataclass(frozen=True)
class Component:
    """A dimension, the time dimension, the measure or an attribute: the column that it is, and its code list if any."""

    id: str
    role: str
    column: str
    words: Words
    codelist: Codelist | None


def structure(snapshot: str, components: Sequence[Component]) -> bytes:
    """The message as bytes, the same for the same input."""
    root = etree.Element(_tag("mes:Structure"), nsmap=SPACES)
    header = _add(root, "mes:Header")
    for tag, said in (("ID", f"OGI-{snapshot}"), ("Test", "false"), ("Prepared", PREPARED)):
        _add(header, f"mes:{tag}", said)
    _add(header, "mes:Sender", id=AGENCY)
    structures = _add(root, "mes:Structures")
    _dataflow(structures)
    lists = _add(structures, "str:Codelists")
    for component in components:
        if component.codelist:
            _codelist(lists, component.codelist)
    _concepts(structures, components)
    _definition(structures, components)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def _add(parent: Any, name: str, said: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, _tag(name), attributes)
    element.text = said
    return element


def _words(parent: Any, words: Words, tag: str = "Name") -> None:
    for lang, said in words.items():
        _add(parent, f"com:{tag}", said).set(LANG, lang)


def _artefact(parent: Any, name: str, artefact: str, words: Words) -> Any:
    element = _add(parent, f"str:{name}", id=artefact, agencyID=AGENCY, version=VERSION)
    _words(element, words)
    return element


def _dataflow(structures: Any) -> None:
    flow = _artefact(_add(structures, "str:Dataflows"), "Dataflow", FLOW_ID, TITLE)
    _words(flow, CAUTION, "Description")
    _add(flow, "str:Structure", f"{MODEL}datastructure.DataStructure={FLOW}")


def _codelist(lists: Any, codelist: Codelist) -> None:
    element = _artefact(lists, "Codelist", f"CL_{codelist.id}", codelist.words)
    _words(element, CODING, "Description")
    for code, words in dict(codelist.codes.values()).items():
        _words(_add(element, "str:Code", id=code), words)


def _concepts(structures: Any, components: Sequence[Component]) -> None:
    scheme = _artefact(_add(structures, "str:ConceptSchemes"), "ConceptScheme", CONCEPTS, TITLE)
    for component in components:
        _words(_add(scheme, "str:Concept", id=component.id), component.words)


def _definition(structures: Any, components: Sequence[Component]) -> None:
    definition = _artefact(_add(structures, "str:DataStructures"), "DataStructure", FLOW_ID, TITLE)
    parts = _add(definition, "str:DataStructureComponents")
    dimensions, attributes, measures = (_add(parts, f"str:{n}List") for n in ("Dimension", "Attribute", "Measure"))
    lists = {"Dimension": dimensions, "TimeDimension": dimensions, "Attribute": attributes, "Measure": measures}
    for component in components:
        element = _add(lists[component.role], f"str:{component.role}", id=component.id)
        concept = f"{AGENCY}:{CONCEPTS}({VERSION}).{component.id}"
        _add(element, "str:ConceptIdentity", f"{MODEL}conceptscheme.Concept={concept}")
        _representation(element, component)
        if component.role == "Attribute":
            element.set("usage", "mandatory" if component.codelist else "optional")
            _add(_add(element, "str:AttributeRelationship"), "str:Observation")


def _representation(element: Any, component: Component) -> None:
    representation = _add(element, "str:LocalRepresentation")
    if component.codelist:
        urn = f"{MODEL}codelist.Codelist={AGENCY}:CL_{component.id}({VERSION})"
        _add(representation, "str:Enumeration", urn)
    else:
        kinds = {"TimeDimension": "GregorianYear", "Measure": "Decimal"}
        _add(representation, "str:TextFormat", textType=kinds.get(component.role, "String"))
