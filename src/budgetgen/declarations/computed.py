"""Tables that no sheet holds: they are made for the wording, and are declared here once for all editions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TERMS = "名词解释"
"""The glossary of the edition as a table, for the wording: 术语, 内容."""
TERM_COLUMNS: Mapping[str, str] = {"术语": "text", "内容": "text"}

FIGURES = "指标"
"""The table that `figures` computes: one row per figure of the narrative, with its change since last year."""

FIGURE_COLUMNS: Mapping[str, str] = {
    "编号": "text",
    "组": "text",
    "名称": "text",
    "列名": "text",
    "科目代码": "text",
    "金额": "money",
    "上年": "money",
    "增减": "text",
    "增减额": "money",
    "升降": "text",
    "增减率": "percent",
    "占比": "percent",
    "原因": "text",
    "必列": "text",
    "类": "text",
    "款": "text",
    "项": "text",
}
"""Its columns and their types."""

RISE, FALL = ("增加", "增长"), ("减少", "下降")
FIGURE_WORDS: Mapping[str, tuple[str, ...]] = {"增减": (RISE[0], FALL[0]), "升降": (RISE[1], FALL[1])}
"""The words that its text columns may hold."""

COMPUTED: Mapping[str, Mapping[str, str]] = {FIGURES: FIGURE_COLUMNS, TERMS: TERM_COLUMNS}
"""Tables that no sheet holds: they are made for the wording."""
