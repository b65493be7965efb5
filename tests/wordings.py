"""How other offices say what a published document says: kinds of wording, each a change of its paragraphs."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import partial

from budgetgen.reading.document.blocks import Text

NUMBER = r"-?\d[\d,]*(?:[.．]\d+)?"
CHANGE = rf"(增加|减少)({NUMBER})万元，(增长|下降)({NUMBER})%"
HALF = str.maketrans("，：；（）", ",:;()")
FULL = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
COMPARED = re.compile(r"万元.*(?:增加|减少).*%|未安排。$")
LED_IN = re.compile(r"(?:收入|支出)预算.*其中[：:]$")
CHAPTER = re.compile(r"[一二三四五六七八九十]+、")


def said(found, pattern, new, *, where=""):
    """The paragraphs with some words said otherwise."""
    return tuple(
        replace(block, text=re.sub(pattern, new, block.text))
        if isinstance(block, Text) and not block.beside and re.search(where, block.text)
        else block
        for block in found
    )


def in_yuan(match):
    return f"{Decimal(match[1].replace(',', '').replace('．', '.')) * 10000:.2f}元"


def last_year(found, form):
    """With the number of last year."""
    year = next(m[1] for b in found if isinstance(b, Text) and (m := re.search(r"(20\d\d)年", b.text)))
    return said(found, "相?比上年预算", form.format(int(year) - 1))


def signs(found, table):
    """Signs of the other width, where amounts are told."""
    return said(found, r"^.*万元.*$", lambda match: match[0].translate(table))


def verbs(found, rise, fall):
    """Other verbs of the rate."""
    return said(said(found, rf"增长(?={NUMBER}%)", rise), rf"下降(?={NUMBER}%)", fall)


def parted(found):
    """The reason in a paragraph of its own."""
    blocks = []
    for block in found:
        whole = isinstance(block, Text) and block.text.count("主要原因是") == 1 and "；" not in block.text
        cut = re.split(r"[，。](?=主要原因是)", block.text) if whole else []
        if len(cut) == len(("fact", "reason")):
            blocks += [replace(block, text=f"{cut[0]}。"), replace(block, text=cut[1])]
        else:
            blocks.append(block)
    return tuple(blocks)


def together(found, joint):
    """What compares with last year, in one paragraph with what stands before."""
    blocks = []
    for block in found:
        last = blocks[-1] if blocks else None
        texts = isinstance(block, Text) and isinstance(last, Text) and not (block.beside or last.beside)
        led = texts and (COMPARED.search(last.text) or last.text.endswith("其中："))
        if led and COMPARED.search(block.text) and "三公" not in last.text + block.text:
            before = last.text if last.text.endswith("：") else last.text.rstrip("。") + joint
            blocks[-1] = replace(last, text=before + block.text)
        else:
            blocks.append(block)
    return tuple(blocks)


def grouped(match):
    whole, point, rest = match[0].replace(",", "").replace("．", ".").partition(".")
    return f"{int(whole):,}{point}{rest}"


def in_characters(match):
    """A year as it is read out."""
    return "".join("〇一二三四五六七八九"[int(sign)] for sign in match[1]) + "年"


def swapped(found):
    """Of two sentences on figures that follow each other, the second first."""
    blocks = list(found)
    at = 0
    while at + 1 < len(blocks):
        pair = blocks[at : at + 2]
        if all(map(_on_a_figure, pair)):
            blocks[at : at + 2] = reversed(pair)
            at += 1
        at += 1
    return tuple(blocks)


def _on_a_figure(block):
    told = isinstance(block, Text) and not block.beside and COMPARED.search(block.text)
    return told and "预算数" not in block.text and re.match(f"[\\w ]+(?:{NUMBER}万元|未安排)", block.text)


KINDS = {
    "先后对调": swapped,
    "较上年": lambda found: said(found, "相?比上年预算", "较上年"),
    "与上年相比，": lambda found: said(found, "相?比上年预算", "与上年相比，"),
    "同比": lambda found: said(found, "相?比上年预算", "同比"),
    "比上年预算数": lambda found: said(found, "相?比上年预算", "比上年预算数"),
    "比某年预算": partial(last_year, form="比{}年预算"),
    "与某年相比": partial(last_year, form="与{}年相比"),
    "增幅": partial(verbs, rise="增幅", fall="降幅"),
    "增幅为": partial(verbs, rise="增幅为", fall="降幅为"),
    "上升": partial(verbs, rise="上升", fall="降低"),
    "增加百分比": partial(verbs, rise="增加", fall="减少"),
    "增长额": lambda found: said(
        said(found, f"增加(?={NUMBER}万元)", "增长"), f"减少(?={NUMBER}万元)", "下降"
    ),
    "增加了": lambda found: said(found, f"(?<=增加|减少|增长|下降)(?={NUMBER})", "了"),
    "先率后额": lambda found: said(found, CHANGE, r"\3\4%，\1\2万元"),
    "率在括号里": lambda found: said(found, CHANGE, r"\1\2万元（\3\4%）"),
    "负数": lambda found: said(found, rf"减少({NUMBER})万元，下降({NUMBER})%", r"增加-\1万元，增长-\2%"),
    "百分之": lambda found: said(found, rf"(?<=长|降|占)({NUMBER})%", r"百分之\1"),
    "主要是": lambda found: said(found, "主要原因是", "主要是"),
    "原因：": lambda found: said(found, "主要原因是", "原因："),
    "主要原因：": lambda found: said(found, "主要原因是", "主要原因："),
    "系所致": lambda found: said(found, "主要原因是([^。；]*)(?=[。；]|$)", r"主要系\1所致"),
    "；主要原因是": lambda found: said(found, "，主要原因是", "；主要原因是"),
    "占比": lambda found: said(found, f"，占({NUMBER}%)，", r"，占比\1，"),
    "占总额的": lambda found: said(found, f"，占({NUMBER}%)，", r"，占总额的\1，"),
    "无其中": lambda found: said(found, "其中[：:]", ""),
    "年预算": lambda found: said(found, "年预算数为(?=[0-9])", "年预算"),
    "金额前的为": lambda found: said(found, f"^(基本支出|项目支出|单位资金)(?={NUMBER}万元)", r"\1为"),
    "元": lambda found: said(found, f"({NUMBER})万元", in_yuan, where="^(?!.*(设备|绩效|规模|分配)).*万元"),
    "半角标点": partial(signs, table=HALF),
    "全角数字": partial(signs, table=FULL),
    "序号": lambda found: said(found, r"^(\d{1,2})[.．、](?!\d)", r"（\1）"),
    "年度": lambda found: said(found, "(20[0-9]{2})年(?=基本支出|一般公共|财政拨款)", r"\1年度"),
    "分段的原因": parted,
    "连成一段。": partial(together, joint="。"),
    "连成一段；": partial(together, joint="；"),
    "较某年预算": partial(last_year, form="较{}年预算"),
    "与某年预算相比": partial(last_year, form="与{}年预算相比，"),
    "较上年预算数": lambda found: said(found, "相?比上年预算", "较上年预算数"),
    "较上年度": lambda found: said(found, "相?比上年预算", "较上年度"),
    "相比上年，": lambda found: said(found, "相?比上年预算", "相比上年，"),
    "同比增长": lambda found: said(found, CHANGE, r"\1\2万元，同比\3\4%"),
    "持平": lambda found: said(
        found, r"相?比上年预算(?:增加|减少)0(?:\.00)?万元，(?:增长|下降)0(?:\.00)?%", "与上年预算持平"
    ),
    "无增减": lambda found: said(
        found, r"相?比上年预算(?:增加|减少)0(?:\.00)?万元，(?:增长|下降)0(?:\.00)?%", "较上年无增减变化"
    ),
    "增减原因：": lambda found: said(found, "主要原因是", "增减原因："),
    "变动原因是": lambda found: said(found, "主要原因是", "变动的主要原因是"),
    "原因主要是": lambda found: said(found, "主要原因是", "原因主要是"),
    "千分位": lambda found: said(found, rf"{NUMBER}(?=万元)", grouped),
    "无千分位": lambda found: said(found, r"\d[\d,]*\.\d+(?=万元)", lambda match: match[0].replace(",", "")),
    "部门（单位）": lambda found: said(
        found, "(?:部门|单位)(?=收入|支出|收支|预算)", "部门（单位）", where="万元"
    ),
    "直引号": lambda found: said(found, "[“”]", '"'),
    "汉字年份": lambda found: said(found, "(20[0-9]{2})年(?=[^0-9])", in_characters, where="^(?!.*月).*万元"),
    "其中，": lambda found: said(found, "其中[：:]", "其中，"),
    "无句号": lambda found: said(found, "。$", "", where="万元"),
    "主要是用于": lambda found: said(found, "主要用于：?", "主要是用于"),
    "占总额比重": lambda found: said(found, f"，占({NUMBER}%)，", r"，占总额的比重为\1，"),
}
"""Each by what it is known by."""

COMPARISONS = frozenset(kind for kind in KINDS if re.search("上年|同比|某年", kind))
"""Each says 比上年预算 in other words."""


def reworded(found, kinds):
    """A document with several kinds of wording."""
    for kind in kinds:
        found = KINDS[kind](found)
    return found
