"""Made reports of other kinds than the annual one: bulletins of inspections, and tables of websites."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ORDINALS = "一二三四"
HEAD = ("序号", "网站名称", "主办单位", "存在问题")
PROBLEMS = (("1", "甲县政府网", "甲县人民政府", "首页栏目两周未更新"), ("2", "乙局网站", "乙局", "链接打不开"))


@dataclass(frozen=True)
class Bulletin:
    """The numbers of a made bulletin. `printed_rate` replaces the rate that follows from the numbers."""

    body: str = "三门峡市"
    year: int = 2021
    quarter: int = 1
    sites: int = 40
    failed: int = 2
    accounts: int = 300
    wechat: int = 200
    weibo: int = 100
    failed_accounts: int = 30
    printed_rate: str = ""

    @property
    def title(self) -> str:
        """The title, which names body and quarter."""
        return f"{self.body}{self.year}年第{ORDINALS[self.quarter - 1]}季度政府网站与政务新媒体检查情况的通报（模拟）"

    @property
    def rate(self) -> str:
        """The printed pass rate of the new media."""
        return self.printed_rate or f"{100 * (self.accounts - self.failed_accounts) / self.accounts:.2f}"

    @property
    def paragraphs(self) -> tuple[str, str, str]:
        """The text below the title."""
        return (
            "一、总体情况",
            f"截至季度末，正常运行的政府网站{self.sites}家，本季度检查{self.sites}家，不合格{self.failed}家。",
            f"政务新媒体共{self.accounts}个，其中微信公众号{self.wechat}个、微博{self.weibo}个。检查{self.accounts}个，"
            f"不合格{self.failed_accounts}个，合格率{self.rate}%。",
        )


def text_of(bulletin: Bulletin) -> str:
    """Return a bulletin as plain text."""
    return "\n\n".join((bulletin.title, *bulletin.paragraphs)) + "\n"


def html_of(bulletin: Bulletin) -> str:
    """Return a bulletin as a web page, with a table of sites and problems."""
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in (HEAD, *PROBLEMS))
    body = "".join(f"<p>{text}</p>" for text in bulletin.paragraphs)
    return (
        f"<html><head><meta charset='utf-8'><title>{bulletin.title}</title></head>"
        f"<body><h1>{bulletin.title}</h1>{body}<table>{rows}</table></body></html>"
    )


def website_table(year: int, identifier: str, cases: tuple[int, int, int]) -> str:
    """Return the annual table of a website as a page; `cases` are all, those of persons, and of organisations."""
    rows = (
        ("网站名称", "三门峡市政府网（模拟）", "首页网址", "www.example.gov.cn"),
        ("主办单位", "三门峡市人民政府办公室", "政府网站标识码", identifier),
        ("独立用户访问总量（单位：个）", "12345"),
        ("网站总访问量（单位：次）", "67890"),
        ("信息发布（单位：条）", "总数", "400"),
        ("信息发布（单位：条）", "概况类信息更新量", "20"),
        ("信息发布（单位：条）", "政务动态信息更新量", "200"),
        ("信息发布（单位：条）", "信息公开目录信息更新量", "100"),
        ("办件量（单位：件）", "总数", str(cases[0])),
        ("办件量（单位：件）", "自然人办件量", str(cases[1])),
        ("办件量（单位：件）", "法人办件量", str(cases[2])),
    )
    lines = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    title = f"政府网站工作年度报表（{year}年度）（模拟）"
    return f"<html><meta charset='utf-8'><title>{title}</title><h2>{title}</h2><table>{lines}</table></html>"


def write_bulletins(folder: Path, *bulletins: Bulletin) -> list[Path]:
    """Write bulletins as files, those of odd quarters as web pages, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for bulletin in bulletins:
        as_page = bulletin.quarter % 2 == 1
        path = folder / f"{bulletin.year}-{bulletin.quarter}.{'html' if as_page else 'txt'}"
        path.write_text(html_of(bulletin) if as_page else text_of(bulletin), encoding="utf-8")
        paths.append(path)
    return paths
