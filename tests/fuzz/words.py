"""Words for the fuzzer: statutory labels, sentences, numbers as offices print them, and marks of file formats."""

from __future__ import annotations

from functools import cache

from pipeline.core.form import forms
from pipeline.extract.figure_phrases import load_phrases

NUMBERS = (
    "0", "1", "-1", "3,119", "1.5", "251000元", "160.5964万元", "１２３", "一百二十", "/", "—", "", " ",
    "999999999999", "1000000", "0.0000001", "1e9", "NaN", "2147483648", "-2147483649", "4294967296",
    "18446744073709551616", "12 34",
)  # fmt: skip
MARKS = (
    "其中", "分别为", "万", "亿", "余", "近", "%", "件", "条", "起", "宗", "上年", "比上年增加", "2018年",
    "2019年", "（", "）", "，", "。", "；", "、", "：", "共", "未发生", "第二十条第（一）项", "单位：元", "|",
    " |\n", "|\n", "金额单位：千元", "附件：", "不", "非", "未", "〔1〕", "二〇二二年",
    "---", "  ", "\t", "\f", "\u3000", "- 4 -", "第 4 页 共 6 页", "\u202e", "\u200b", "⾏", "㈠", "①",
)  # fmt: skip
TAGS = (
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "rowspan=", "colspan=", "<p>", "<br>", "<title>",
    "<div>", "<!--", "-->", "<![CDATA[", "]]>", "<?xml version='1.0'?>", "<!DOCTYPE x [", "<!ENTITY a ", "&a;",
    "&#55296;", "&#0;", "w:tbl", "w:tr", "w:tc", "w:p", "w:r", "w:t", "w:gridSpan", "w:vMerge", "w:hMerge",
    "w:val=", "w:gridBefore", "w:sdt", "w:del", "w:br", "w:txbxContent", "mc:AlternateContent", "==> ",
    "xl/workbook.xml", "word/document.xml", "../../x", "sheetData", "mergeCell", "ref=", "A1:XFD1048576", "t=",
    "table:number-columns-repeated=", "office:value-type=", "table:number-rows-repeated=", "Content-Type: ",
    "Content-Transfer-Encoding: ", "quoted-printable", "base64", "boundary=", "charset=", "text/html",
    "multipart/related", "stream", "endstream", "endobj", "/Kids", "/Count", "/Rotate", "/MediaBox", "/Contents",
    "<s>", "<del>", "<ins>", "<sup>", "<sub>", " hidden", "style='display:none'", "color:#fff", "<input value=",
    "w:strike", "w:vertAlign w:val='superscript'", "w:hidden", "w:ins", "w:sym", "hidden=", "numFmt formatCode=",
    "/AcroForm", "/FT /Tx", "/V (", "/AP",
    " re f", " m ", " l S", " Tj", " Tf", " Td", " cm", " Do", "/Filter", "/FlateDecode",
)  # fmt: skip
MAX_WORD_BYTES = 60  # a limit of the fuzzing library


@cache
def labels() -> tuple[str, ...]:
    """Return every label of every form, without repetition."""
    texts = dict[str, None]()
    for table in (t for form in forms().values() for t in form.tables.values()):
        for label in (*table.rows.values(), *table.columns.values()):
            texts[label.zh] = None
        texts |= {b.article: None for b in table.blocks if b.article} | {table.zh: None}
    return tuple(texts)


@cache
def examples() -> tuple[str, ...]:
    """Return the example sentence of each phrase, without repetition."""
    return tuple(dict.fromkeys(p.example for p in load_phrases()))


def dictionary() -> str:
    """Return all words in the format of the fuzzing library: one word per line, each byte as an escape."""
    words = (w.encode("utf-8")[:MAX_WORD_BYTES] for w in (*labels(), *NUMBERS, *MARKS, *TAGS) if w)
    return "".join('"' + "".join(f"\\x{b:02x}" for b in w) + '"\n' for w in dict.fromkeys(words))
