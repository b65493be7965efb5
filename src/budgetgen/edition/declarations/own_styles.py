"""Names of the styles that the program uses by itself; the cells' are named by the grids."""

from __future__ import annotations

from typing import Final

BASE: Final = "Normal"
BODY: Final = "Body Text"
PART: Final = "heading 1"
SECTION: Final = "heading 2"
CONTENTS: Final = ("toc 1", "toc 2")
REMARK: Final = "表注"
TABLE_NUMBER: Final = "表号"
COVER: Final = "封面标题"
CLOSING: Final = "落款"
OPEN: Final = "待补"
SUM: Final = "合计行"
MARK: Final = "模板标记"

OWN_STYLES: Final = (
    BASE,
    BODY,
    PART,
    SECTION,
    *CONTENTS,
    REMARK,
    TABLE_NUMBER,
    COVER,
    CLOSING,
    OPEN,
    SUM,
    MARK,
)
"""All of them: an edition declares each."""
