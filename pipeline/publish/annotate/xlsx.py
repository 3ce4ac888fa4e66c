"""Write comments into a copy of a workbook: the parts of its archive that do not change are copied as they are.

Comments of a sheet are two parts: their texts, and a drawing of their boxes in VML (ECMA-376, part 1, 18.7 and part 4).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from posixpath import basename, dirname, join, normpath
from xml.sax.saxutils import escape

from lxml import etree

from pipeline.core.model import DataFault
from pipeline.core.places import sheet_address
from pipeline.publish.annotate.note import AUTHOR, Note
from pipeline.read.zip_archive import ZipPackage

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# What follows the drawing of comments in a sheet.
AFTER_DRAWING = ("legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
BOX_COLUMNS, BOX_ROWS = 4, 9  # size of a comment's box
FIXED_TIME = (2000, 1, 1, 0, 0, 0)


def comment_xlsx(content: bytes, notes: Sequence[Note]) -> bytes:
    """Return the workbook with a comment per note. Raises DataFault if it is damaged, or a sheet has comments."""
    package = ZipPackage(content)
    parts: dict[str, bytes] = {}
    types = package.read_xml("[Content_Types].xml")
    for number, (name, sheet_notes) in enumerate(sorted(_by_sheet(notes).items()), start=1):
        _add_comments(package, _find_part(package, name), number, sheet_notes, parts)
        part = f"/xl/ogi_comments{number}.xml"
        etree.SubElement(types, f"{{{TYPES}}}Override", PartName=part, ContentType=COMMENTS_TYPE)
    if not any(e.get("Extension", "").lower() == "vml" for e in types):
        types.insert(0, etree.Element(f"{{{TYPES}}}Default", Extension="vml", ContentType=VML_TYPE))
    parts["[Content_Types].xml"] = _to_bytes(types)
    return _rewrite(package, content, parts)


def _by_sheet(notes: Sequence[Note]) -> Mapping[str, list[Note]]:
    sheets: dict[str, list[Note]] = {}
    for note in notes:
        sheets.setdefault(note.sheet, []).append(note)
    return sheets


def _find_part(package: ZipPackage, sheet: str) -> str:
    """Return the part of the archive that holds a sheet. Raises DataFault."""
    relations = {r.get("Id"): r.get("Target", "") for r in package.read_xml("xl/_rels/workbook.xml.rels")}
    for element in package.read_xml("xl/workbook.xml").iter(f"{{{MAIN}}}sheet"):
        target = relations.get(element.get(f"{{{OFFICE}}}id"), "")
        if element.get("name") == sheet and target:
            return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
    raise DataFault("read.broken_sheet")


def _add_comments(package: ZipPackage, part: str, number: int, notes: Sequence[Note], parts: dict[str, bytes]) -> None:
    """Add the changed and new parts of a sheet. Raises DataFault if it has comments already."""
    sheet = package.read_xml(part)
    if sheet.find(f"{{{MAIN}}}legacyDrawing") is not None:
        raise DataFault("annotate.has_comments")
    relations_part = join(dirname(part), "_rels", f"{basename(part)}.rels")
    relations = (
        package.read_xml(relations_part)
        if relations_part in package.member_names
        else etree.Element(f"{{{PACKAGE}}}Relationships", nsmap={None: PACKAGE})
    )
    for kind, target in (("comments", f"/xl/ogi_comments{number}.xml"), ("vmlDrawing", f"/xl/ogi_boxes{number}.vml")):
        attributes = {"Id": f"ogi_{kind}", "Type": f"{OFFICE}/{kind}", "Target": target}
        etree.SubElement(relations, f"{{{PACKAGE}}}Relationship", attributes)
    drawing = etree.Element(f"{{{MAIN}}}legacyDrawing", {f"{{{OFFICE}}}id": "ogi_vmlDrawing"})
    following = [e for e in sheet if etree.QName(e).localname in AFTER_DRAWING]
    sheet.insert(sheet.index(following[0]), drawing) if following else sheet.append(drawing)
    parts |= {part: _to_bytes(sheet), relations_part: _to_bytes(relations)}
    parts |= {f"xl/ogi_comments{number}.xml": _comments(notes), f"xl/ogi_boxes{number}.vml": _boxes(notes)}


def _comments(notes: Sequence[Note]) -> bytes:
    """Return the part with the texts of the comments."""
    items = "".join(
        f'<comment ref="{sheet_address(n.row, n.column)}" authorId="0"><text><t xml:space="preserve">'
        f"{escape(n.text)}</t></text></comment>"
        for n in notes
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><comments xmlns="{MAIN}"><authors><author>{AUTHOR}</author></authors>'
        f"<commentList>{items}</commentList></comments>"
    ).encode()


def _boxes(notes: Sequence[Note]) -> bytes:
    """Return the part that draws the boxes of the comments."""
    shapes = "".join(
        f'<v:shape id="_x0000_s{1025 + i}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
        f'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><x:ClientData ObjectType="Note">'
        f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{n.column + 1},15,{n.row},2,{n.column + 1 + BOX_COLUMNS},15,"
        f"{n.row + BOX_ROWS},4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{n.row}</x:Row>"
        f"<x:Column>{n.column}</x:Column></x:ClientData></v:shape>"
        for i, n in enumerate(notes)
    )
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600" '
        f'o:spt="202" path="m,l,21600r21600,l21600,xe"/>{shapes}</xml>'
    ).encode()


def _to_bytes(root: etree._Element) -> bytes:
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content


def _rewrite(package: ZipPackage, content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the archive with some parts replaced or added; the others keep their order and content."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        names = [*source.namelist(), *sorted(parts.keys() - package.member_names)]
        for name in names:
            data = parts[name] if name in parts else package.read_member(name)
            archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()
