"""What no narrative may say, whatever the figures are."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from budgetgen.values.amounts import numeral
from budgetgen.values.model import Paragraph, PerformanceGrid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.values.model import Disclosure, Printed

FORBIDDEN = {
    "负的增减": r"(?:增加|减少|增长|下降)-",
    "负的占比": r"占-",
    "占比超过全部": r"占(?!100(?:\.0+)?%)[\d,]{3,}(?:\.\d+)?%",
    "下降超过全部": r"下降(?!100(?:\.0+)?%)[\d,]{3,}(?:\.\d+)?%",
    "方向相反": r"增加[\d,.]+万元，下降|减少[\d,.]+万元，增长",
    "没有变化却不说持平": r"(?:增加|减少)0(?:\.0+)?万元(?!，(?:增长|下降)0(?:\.0+)?%)",
    "零个还要列举": r"(?:共|下设)0[个家]|下属0家",
    "没有列举": r"(?:其中|包括|分别是|主要用于|情况)：[。；，]",
    "标点重复": r"[。，；、：]{2}|（）|“”|《》",
    "程序的话": r"None|nan|Decimal|\{|\}|待补",
    "词重复": r"(主要原因是|主要用于|比上年预算|项目|结转|委托业务费|预算)\1(?!支出)",
    "名称与金额连写": r"[A-Za-z]-?\d[\d,]*\.\d\d万元",
    "不成句": r"增长不可比|未安排[\d.]",
}
"""What → a pattern that finds it in one paragraph."""
LEADS = re.compile(r"(?:其中|包括|情况|情况为)：$")
SHOWN = "见下表："
LISTED = re.compile(r"(?:收入预算包括|支出预算包括|主要包括|分别是)：?(.+?)等?。$")
COUNTED = re.compile(r"下设(\d+)个\w+，分别是：(.+)。$")
MARKED = re.compile(r"(?:（(?P<round>[一二三四五六七八九十〇百]+)）|(?P<plain>\d+)[.、])")
EMPTY = "空表。"
BODY, SUBHEADING, HEADING = "正文", "二级标题", "一级标题"
ALLOWED = ("基本支出", "项目支出")
"""How a paragraph below the sentence about an empty table may begin: the change since last year."""


def contradictions(disclosure: Disclosure) -> list[str]:
    """All that is wrong with a narrative, in words."""
    return [told for part in disclosure.parts for told in _of_part(part.blocks)]


def _of_part(blocks: Sequence[Printed]) -> Iterator[str]:
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    for paragraph in paragraphs:
        yield from _of_paragraph(paragraph.text)
    for one, after in pairwise((*blocks, None)):
        if isinstance(one, Paragraph):
            yield from _followed(one, after)
    yield from _numbered(paragraphs)


def _of_paragraph(text: str) -> Iterator[str]:
    for what, pattern in FORBIDDEN.items():
        if found := re.search(pattern, text):
            yield f"{what}：“{found[0]}”：{text}"
    if (found := LISTED.search(text)) and _repeats(found[1].split("、")):
        yield f"列举重复：{text}"
    if (found := COUNTED.search(text)) and int(found[1]) != len(found[2].split("、")):
        yield f"个数与列举不符：{text}"


def _repeats(entries: list[str]) -> bool:
    names = [re.sub(r"-?[\d,.]+万元$", "", entry) for entry in entries]
    return len(names) != len(set(names))


def _followed(one: Paragraph, after: Printed | None) -> Iterator[str]:
    body = isinstance(after, Paragraph) and after.style == BODY
    if (one.style == SUBHEADING or LEADS.search(one.text)) and not body:
        yield f"后面没有内容：{one.text}"
    if one.text.endswith(SHOWN) and not isinstance(after, PerformanceGrid):
        yield f"后面没有表：{one.text}"
    if one.text.endswith(EMPTY) and body and not after.text.startswith(ALLOWED):
        yield f"说是空表，又有内容：{one.text}{after.text}"


def _numbered(paragraphs: list[Paragraph]) -> Iterator[str]:
    """Lists begin at one and leave none out; those of one statement count through its further lines."""
    last: dict[str, int] = {}
    for paragraph in paragraphs:
        if paragraph.style == HEADING:
            last.clear()
        found = MARKED.match(paragraph.text)
        if not found:
            continue
        form = "round" if found["round"] else "plain"
        if paragraph.style == SUBHEADING:
            last.pop("plain", None)
        number = last.get(form, 0) + 1
        wanted = numeral(number) if found["round"] else str(number)
        if found[form] not in {wanted, "一", "1"}:
            yield f"序号应为{wanted}：{paragraph.text}"
        last[form] = number if found[form] == wanted else 1
