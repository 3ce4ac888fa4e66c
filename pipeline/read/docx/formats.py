"""Find the formatting of Word text that decides what a reader of the page sees, from runs and from named styles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from pipeline.core.model import MarkKind
from pipeline.read.docx.xml import find_child, get_attribute, get_local_name

MAX_STYLE_DEPTH = 10  # styles that are based on each other
MIN_SHIFT = 3  # half points by which a run must be raised or lowered to be a mark
MAX_INVISIBLE_SIZE = 3  # half points
MIN_WHITE = 0xFA  # value from which each colour component counts as white
_SWITCHES: Mapping[str, MarkKind] = {
    "strike": "struck", "dstrike": "struck", "vanish": "hidden", "webHidden": "hidden",
}  # fmt: skip
_OFF = ("0", "false", "off")

Format = dict[str, str]  # property -> value; a switch is '1' or ''


@dataclass(frozen=True)
class StyleTable:
    """The formats of a document's named styles, and the table styles with dark cells."""

    formats: Mapping[str, Format] = field(default_factory=dict)
    shaded: frozenset[str] = frozenset()

    def read_run(self, run: etree._Element, paragraph_format: Format) -> Format:
        """Return the format of a run in a paragraph."""
        properties = find_child(run, "rPr")
        if properties is None or not len(properties):
            return paragraph_format
        named_format = self.formats.get(get_attribute(find_child(properties, "rStyle"), "val"), {})
        return paragraph_format | named_format | read_properties(properties)

    def read_paragraph(self, paragraph: etree._Element) -> Format:
        """Return the format that a paragraph gives its runs."""
        properties = find_child(paragraph, "pPr")
        if properties is None:
            return {}
        named_format = self.formats.get(get_attribute(find_child(properties, "pStyle"), "val"), {})
        shading = _read_shading(find_child(properties, "shd"))
        return named_format | ({"paper": shading} if shading else {})


def read_styles(root: etree._Element) -> StyleTable:
    """Return the formats of the styles that matter here."""
    styles = {get_attribute(e, "styleId"): e for e in root if get_local_name(e) == "style"}
    formats = {name: _read_style(name, styles) for name in styles}
    shaded = {name for name, style in styles.items() if any(_read_shading(e) for e in _iterate_shading(style))}
    return StyleTable({name: own for name, own in formats.items() if own}, frozenset(shaded))


def _iterate_shading(style: etree._Element) -> Iterator[etree._Element]:
    return (e for e in style.iterdescendants() if get_local_name(e) == "shd")


def _read_style(name: str, styles: Mapping[str, etree._Element]) -> Format:
    """Return a style's format with those of the styles on which it is based."""
    lineage: list[etree._Element] = []
    while name in styles and len(lineage) < MAX_STYLE_DEPTH:
        lineage.append(styles[name])
        name = get_attribute(find_child(styles[name], "basedOn"), "val")
    own_format: Format = {}
    for style in reversed(lineage):
        properties = find_child(style, "rPr")
        own_format |= read_properties(properties) if properties is not None else {}
    return own_format


def read_properties(properties: etree._Element) -> Format:
    """Return the properties of text in an `rPr` that decide whether and where it is seen."""
    own_format: Format = {}
    for element in properties:
        name, value = get_local_name(element), get_attribute(element, "val")
        if name in _SWITCHES:
            own_format[name] = "" if value in _OFF else "1"
        elif name in ("vertAlign", "position", "sz"):
            own_format[name] = value
        elif name == "color":
            is_light_theme = get_attribute(element, "themeColor") in ("background1", "light1")
            own_format["ink"] = "white" if is_light_theme or _is_white(value) else ""
        elif name in ("shd", "highlight"):
            own_format["paper"] = _read_shading(element)
        elif name == "textFill":
            own_format["transparent"] = "1" if _is_transparent(element) else ""
    return own_format


def list_kinds(text_format: Format, is_on_dark: bool) -> set[MarkKind]:
    """Return the kinds of formatting; `is_on_dark` says that white text is visible where the run has no paper."""
    kinds: set[MarkKind] = {kind for name, kind in _SWITCHES.items() if text_format.get(name)}
    align, shift = text_format.get("vertAlign", ""), _parse_number(text_format.get("position", ""))
    if align == "superscript" or shift >= MIN_SHIFT:
        kinds.add("raised")
    if align == "subscript" or shift <= -MIN_SHIFT:
        kinds.add("lowered")
    is_white = bool(text_format.get("ink")) and not text_format.get("paper") and not is_on_dark
    is_tiny = 0 < _parse_number(text_format.get("sz", "")) <= MAX_INVISIBLE_SIZE
    if is_white or is_tiny or text_format.get("transparent"):
        kinds.add("hidden")
    return kinds


def _read_shading(element: etree._Element | None) -> str:
    """Return the colour of a shading or highlight, '' for white or none."""
    if element is None:
        return ""
    fill = get_attribute(element, "fill") or get_attribute(element, "themeFill") or get_attribute(element, "val")
    return "" if fill in ("", "auto", "clear", "nil", "none", "white") or _is_white(fill) else fill


def is_shaded(element: etree._Element | None) -> bool:
    """Return whether the properties of a cell give it a colour other than white."""
    return element is not None and bool(_read_shading(find_child(element, "shd")))


def _is_white(value: str) -> bool:
    try:
        return len(value) == 6 and min(bytes.fromhex(value)) >= MIN_WHITE
    except ValueError:
        return False


def _is_transparent(fill: etree._Element) -> bool:
    """Return whether a text fill is none or transparent by 95 % or more."""
    names = [(get_local_name(e), _parse_number(get_attribute(e, "val"))) for e in fill.iterdescendants()]
    return any(name == "noFill" or (name == "alpha" and value >= 95_000) for name, value in names)


def _parse_number(value: str) -> int:
    try:
        return int(value) if len(value) < 10 else 0
    except ValueError:
        return 0
