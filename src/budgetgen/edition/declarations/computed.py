"""Tables that no sheet holds: they are made for the wording, and are declared here once for all editions."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TERMS = "名词解释"
"""The glossary of the edition as a table, for the wording: 术语, 内容."""
TERM = "术语"
TERM_COLUMNS: Mapping[str, str] = {TERM: "text", "内容": "text"}

FIGURES = "指标"
"""The table that `figures` computes: one row per figure of the narrative, with its change since last year."""


class FigureColumn(StrEnum):
    """Its columns: the names by which the wording asks for them."""

    ID = "编号"
    """which declared figure"""
    GROUP = "组"
    """its group"""
    NAME = "名称"
    """of its code or item"""
    LISTED = "列名"
    """how it is called where several are listed"""
    CODE = "科目代码"
    """its function or economic code"""
    AMOUNT = "金额"
    """this year"""
    PRIOR = "上年"
    """last year"""
    DIRECTION = "增减"
    """more or less, as a verb of amounts"""
    CHANGE = "增减额"
    """by how much, never negative"""
    TREND = "升降"
    """more or less, as a verb of rates"""
    RATE = "增减率"
    """by how much, in per cent"""
    SHARE = "占比"
    """of the whole that is declared for it"""
    REASON = "原因"
    """of its change"""
    ALWAYS = "必列"
    """whether it is listed without an amount too"""
    CLASS = "类"
    """类, 款, 项: the name of each level of its code"""
    SECTION = "款"
    ITEM = "项"


FIGURE_COLUMNS: Mapping[str, str] = {
    FigureColumn.ID: "text",
    FigureColumn.GROUP: "text",
    FigureColumn.NAME: "text",
    FigureColumn.LISTED: "text",
    FigureColumn.CODE: "text",
    FigureColumn.AMOUNT: "money",
    FigureColumn.PRIOR: "money",
    FigureColumn.DIRECTION: "text",
    FigureColumn.CHANGE: "money",
    FigureColumn.TREND: "text",
    FigureColumn.RATE: "percent",
    FigureColumn.SHARE: "percent",
    FigureColumn.REASON: "text",
    FigureColumn.ALWAYS: "text",
    FigureColumn.CLASS: "text",
    FigureColumn.SECTION: "text",
    FigureColumn.ITEM: "text",
}
"""Their types."""
FIGURE_NAMES = frozenset(
    {
        FigureColumn.NAME,
        FigureColumn.LISTED,
        FigureColumn.CODE,
        FigureColumn.CLASS,
        FigureColumn.SECTION,
        FigureColumn.ITEM,
    }
)
"""Those of them that hold names or codes."""

RISE, FALL = ("增加", "增长"), ("减少", "下降")
"""More, and less: of amounts, and of rates where the edition has no other verbs."""

COMPUTED: Mapping[str, Mapping[str, str]] = {FIGURES: FIGURE_COLUMNS, TERMS: TERM_COLUMNS}
"""Tables that no sheet holds: they are made for the wording."""
