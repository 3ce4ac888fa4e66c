"""Find what the style of a web page's element does to its text: hide, strike, raise or turn it.

Read are `style` attributes, rules of `<style>` elements with tags, classes and ids, and the elements' own meaning.
External style sheets are not part of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from pipeline.core.model import MarkKind

MAX_RULES = 5000
_TAG_KINDS: dict[str, MarkKind] = {
    "s": "struck", "strike": "struck", "del": "deleted", "ins": "inserted", "sup": "raised", "sub": "lowered",
    "rt": "raised", "rp": "hidden", "datalist": "hidden", "dialog": "hidden",
}  # fmt: skip
_STYLING_ATTRIBUTES = frozenset({"style", "hidden", "bgcolor", "background", "color", "dir"})
_WHITE, _BLACK, _UNKNOWN = "#ffffff", "#000000", "?"
_COLORS = {"white": _WHITE, "black": _BLACK, "#fff": _WHITE, "#000": _BLACK, "snow": "#fffafa"}
_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+)(%?))?\s*\)")
_COMMENTS = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_AT_BLOCK = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
# Text that a style sheet adds, and the declaration that stands for it here: the page does not hold its place.
_GENERATED = re.compile(r"(.*?)::?(?:before|after)")
_GENERATED_DIGIT = re.compile(r"content\s*:[^;]*(?:\d|attr\(|counter)")
_UNSURE = "content:unsure"
_COMPOUND = re.compile(r"(?P<tag>[a-zA-Z][\w-]*|\*)?(?P<rest>(?:[.#][\w-]+)*)")
_RELEVANT = re.compile(
    r"display|visibility|opacity|color|background|text-decoration|vertical-align|font-size|clip|left|top|indent"
    r"|height|width|direction|transform|unicode-bidi|overflow|content|mso-hide|text-fill"
)


class Style(NamedTuple):
    """The style of an element's text. `ink` and `paper` are colours; `is_displayed` is false below `display: none`."""

    kinds: frozenset[MarkKind] = frozenset()
    ink: str = _BLACK
    paper: str = _WHITE
    is_displayed: bool = True
    is_visible: bool = True

    def list_kinds(self, text: str, is_cell: bool) -> frozenset[MarkKind]:
        """Return the kinds of formatting of a piece of text.

        In a table Chinese in the colour of the paper counts as visible: it is a head on a picture or on a background
        that an external style sheet gives.
        """
        is_inked = self.ink not in (self.paper, "transparent") or (is_cell and bool(re.search("[\u4e00-\u9fff]", text)))
        return self.kinds if self.is_displayed and self.is_visible and is_inked else self.kinds | {"hidden"}


PLAIN = Style()


class _Rule(NamedTuple):
    """A rule of a style sheet: how specific it is, its place, its selector from the left, and its declarations."""

    specificity: tuple[int, int, int]
    number: int
    compounds: tuple[tuple[str, frozenset[str]], ...]
    declarations: str


@dataclass
class StyleSheet:
    """The rules of a page by the last part of their selectors: a tag, a class (`.a`) or an id (`#a`)."""

    rules: dict[str, list[_Rule]] = field(default_factory=dict)

    def find_style(self, element: etree._Element, parent: Style) -> Style:
        """Return the style of an element inside a parent with the style `parent`."""
        tag = element.tag
        kind = _TAG_KINDS.get(tag)
        if kind is not None:
            parent = parent._replace(kinds=parent.kinds | {kind})
        if not self.rules and _STYLING_ATTRIBUTES.isdisjoint(element.keys()):
            return parent
        if element.get("hidden") is not None:
            parent = parent._replace(is_displayed=False)
        background = element.get("bgcolor") or (element.get("background") and f"url({element.get('background')})")
        if background:
            parent = parent._replace(paper=_parse_color(background))
        if element.get("color") and tag == "font":
            parent = parent._replace(ink=_parse_color(element.get("color", "")))
        if tag == "bdo" and element.get("dir", "").lower() == "rtl":
            parent = parent._replace(kinds=parent.kinds | {"turned"})
        declarations = self._list_declarations(element)
        return _apply(parent, declarations) if declarations else parent

    def _list_declarations(self, element: etree._Element) -> str:
        """Return the declarations for an element, the most specific last."""
        own = element.get("style") or ""
        if not self.rules:
            return own
        names = _list_names(element)
        found = {rule for name in (*names, element.tag, "*") for rule in self.rules.get(name, ())}
        matching = sorted(rule for rule in found if _matches(element, rule.compounds))
        return ";".join([*(rule.declarations for rule in matching), own])


def read_style_sheet(root: etree._Element) -> StyleSheet:
    """Return the rules of all `<style>` elements of a page; those for other media and states are left out."""
    sheet = StyleSheet()
    text = "\n".join(element.text or "" for element in root.iter("style"))
    if not text:
        return sheet
    cleaned_text = _AT_BLOCK.sub("", _COMMENTS.sub("", text[:500_000]))
    for number, match in enumerate(_RULE.finditer(cleaned_text)):
        if number < MAX_RULES and _RELEVANT.search(match[2]):
            for selector in match[1].split(","):
                _add_rule(sheet, selector, number, match[2])
    return sheet


def _add_rule(sheet: StyleSheet, selector: str, number: int, declarations: str) -> None:
    """Add the rule of one selector, if it has only tags, classes and ids."""
    compounds: list[tuple[str, frozenset[str]]] = []
    generated = _GENERATED.fullmatch(selector.strip())
    if generated:
        if not _GENERATED_DIGIT.search(declarations):
            return
        selector, declarations = generated[1] or "*", _UNSURE
    for part in selector.replace(">", " ").split():
        match = _COMPOUND.fullmatch(part)
        if not match:
            return
        compounds.append(((match["tag"] or "*").lower(), frozenset(re.findall(r"[.#][\w-]+", match["rest"]))))
    if compounds:
        names = [name for _, own_names in compounds for name in own_names]
        ids, tags = sum(name[0] == "#" for name in names), sum(tag != "*" for tag, _ in compounds)
        rule = _Rule((ids, len(names) - ids, tags), number, tuple(compounds), declarations)
        last_tag, last_names = compounds[-1]
        sheet.rules.setdefault(min(last_names, default=last_tag), []).append(rule)


def _list_names(element: etree._Element) -> set[str]:
    """Return the classes and the id of an element as selectors."""
    names = {f".{name}" for name in (element.get("class") or "").split()}
    return names | {f"#{element.get('id')}"} if element.get("id") else names


def _matches(element: etree._Element, compounds: tuple[tuple[str, frozenset[str]], ...]) -> bool:
    """Return whether an element and its ancestors match a selector."""
    *outer, last = compounds
    if not _matches_compound(element, last):
        return False
    ancestors: Iterator[etree._Element] = element.iterancestors()
    return all(any(_matches_compound(ancestor, compound) for ancestor in ancestors) for compound in reversed(outer))


def _matches_compound(element: etree._Element, compound: tuple[str, frozenset[str]]) -> bool:
    tag, names = compound
    return tag in ("*", element.tag) and (not names or names <= _list_names(element))


def _apply(style: Style, declarations: str) -> Style:
    """Return the style with declarations applied; `style` is that of the parent."""
    values = _parse_declarations(declarations)
    if not values:
        return style
    kinds = style.kinds | frozenset(_list_declared_kinds(values))
    color = values.get("-webkit-text-fill-color") or values.get("color")
    ink = _parse_color(color) if color else style.ink
    background = values.get("background-color") or values.get("background") or ""
    paper = _parse_color(background) if background not in ("", "none", "transparent", "inherit") else style.paper
    visibility = values.get("visibility", "")
    is_visible = style.is_visible if not visibility else visibility not in ("hidden", "collapse")
    is_displayed = style.is_displayed and values.get("display") != "none" and not _is_out_of_sight(values)
    return Style(kinds, style.ink if ink == "inherit" else ink, paper, is_displayed, is_visible)


@lru_cache(4096)
def _cached_declarations(declarations: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition(":") for part in declarations.lower().split(";") if ":" in part)
    return tuple((name.strip(), value.replace("!important", "").strip()) for name, _, value in pairs)


def _parse_declarations(declarations: str) -> dict[str, str]:
    """Return the relevant properties with their last values, in lower case."""
    pairs = _cached_declarations(declarations) if len(declarations) < 2000 else ()
    return {name: value for name, value in pairs if _RELEVANT.search(name)}


def _list_declared_kinds(values: dict[str, str]) -> Iterable[MarkKind]:
    """Yield the kinds of formatting that properties declare."""
    if "line-through" in values.get("text-decoration", "") + values.get("text-decoration-line", ""):
        yield "struck"
    if values.get("content") == "unsure":
        yield "unsure"
    align = values.get("vertical-align", "")
    if align == "super" or (_parse_length(align) or 0) > 0:
        yield "raised"
    if align == "sub" or (_parse_length(align) or 0) < 0:
        yield "lowered"
    turned_by_bidi = "override" in values.get("unicode-bidi", "") and values.get("direction") == "rtl"
    if turned_by_bidi or re.search(r"scalex?\(\s*-|rotate\(\s*-?180|matrix\(\s*-", values.get("transform", "")):
        yield "turned"


def _is_out_of_sight(values: dict[str, str]) -> bool:
    """Return whether properties move a text out of the page or make it too small or faint to see."""
    is_tiny = bool(re.fullmatch(r"0?\.\d+p[xt]|[01](?:\.0)?p[xt]|0(?:r?em|%)?", values.get("font-size", "")))
    is_scaled_away = bool(re.search(r"scale\w?\(\s*0(?:\.0*)?\s*[),]", values.get("transform", "")))
    is_clear = values.get("opacity") in ("0", "0.0", "0%")
    if is_tiny or is_scaled_away or is_clear or values.get("mso-hide") == "all":
        return True
    if min(_parse_length(values.get(side, "")) or 0 for side in ("left", "top", "text-indent")) <= -500:
        return True
    clip = values.get("clip", "") + values.get("clip-path", "")
    is_clipped = bool(re.search(r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?|inset\(\s*(?:50|100)%", clip))
    is_flat = any(_parse_length(values.get(side, "")) in (0, 1) for side in ("height", "width", "max-height"))
    return is_clipped or (is_flat and "hidden" in values.get("overflow", "hidden" if "clip" in values else ""))


def _parse_length(value: str) -> float | None:
    """Return the number of a length such as `3px`, None if it is none."""
    match = re.fullmatch(r"(-?\d*\.?\d+)(?:px|pt|em|rem|%|ex|cm|mm|in)?", value)
    return float(match[1]) if match else None


@lru_cache(1024)
def _parse_color(value: str) -> str:
    """Return a colour as `#rrggbb`, `transparent`, or `?` for any other."""
    text = value.strip().lower()
    if match := _RGB.search(text):
        red, green, blue = (min(int(match[i]), 255) for i in (1, 2, 3))
        is_faint = match[4] is not None and float(match[4]) == 0
        return "transparent" if is_faint else _near_white(f"#{red:02x}{green:02x}{blue:02x}")
    if match := re.search(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", text):
        digits = match[1] if len(match[1]) == 6 else "".join(c * 2 for c in match[1])
        return _near_white(f"#{digits}")
    word = text.split()[0] if text else ""
    return _COLORS.get(word, word if word in ("transparent", "inherit") else _UNKNOWN + word)


def _near_white(color: str) -> str:
    """Return white for a colour that looks like it."""
    return _WHITE if min(int(color[i : i + 2], 16) for i in (1, 3, 5)) >= 250 else color
