"""Names of the styles that the program uses by itself; those of cells are told by the prototypes."""

from __future__ import annotations

from typing import Final

BODY: Final = "Body Text"
PART: Final = "heading 1"
SECTION: Final = "heading 2"
CARRIED: Final = {"一级标题": SECTION, "二级标题": "heading 3"}
"""The styles of printed paragraphs → those of Word that they have; all others are set as `BODY` is."""
CONTENTS: Final = ("toc 1", "toc 2")
REMARK: Final = "表注"
TABLE_NUMBER: Final = "表号"
CLOSING: Final = "落款"
OPEN: Final = "待补"
SUM: Final = "合计行"
MARK: Final = "模板标记"
COVER_SPACE: Final = "封面留白"
COVER: Final = "封面标题"
CONTENTS_TITLE: Final = "TOC Heading"
PREPARER: Final = "表编制"
SMALL: Final = "表后"
PERFORMANCE: Final = ("绩效表题", "绩效副题")
"""Of the title of a performance table, and of the lines below it."""

OWN_STYLES: Final = (
    *(BODY, PART, *CARRIED.values(), COVER_SPACE, COVER, CONTENTS_TITLE, *CONTENTS, CLOSING),
    *(TABLE_NUMBER, PREPARER, REMARK, SMALL, *PERFORMANCE, OPEN, SUM, MARK),
)
"""All of them: a base document has each."""
