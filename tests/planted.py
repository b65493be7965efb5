"""Differences planted into the sample: in its workbook by what is typed, in its document by what is printed.

Each is known by its kind; what it leaves to be told is what it changed: a piece of the old text, or of the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias, TypeVar

from budgetgen.book.derivation import derive
from budgetgen.edition import load
from budgetgen.reading.document.blocks import Block, Grid, Text, blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES

SAMPLE = (SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8")
Edit: TypeAlias = Callable[[list[Block]], list[Block]]


@dataclass(frozen=True)
class Planted:
    """One difference.

    Attributes:
        kind: what kind of slip or edit it is.
        edit: makes it.
        trace: what is told of it holds this.
        lines: how many lines tell it; one cause, one line, unless two sentences say the same reason, or a sentence then
            looks like the office's other way of writing.
        alone: whether what is told beside it depends on it.
    """

    kind: str
    edit: Edit
    trace: str
    lines: int = 1
    alone: bool = False


Some = TypeVar("Some")


def together(kinds: Sequence[Some], size: int) -> list[list[Some]]:
    """The kinds in batches of at most so many, neighbours apart: what is planted at once is told each by itself."""
    count = -(-len(kinds) // size)
    return [list(kinds[n::count]) for n in range(count)]


@cache
def document(name: str = "xinjiang-2026") -> tuple[Block, ...]:
    """The document of an edition's sample of a unit as its paragraphs and tables."""
    edition = load(name)
    book, _ = read_grid((SAMPLES / f"{name}-unit.txt").read_text(encoding="utf-8"), edition)
    return tuple(blocks(render_document(compose(derive(book, edition), edition), edition)))


def at(found: Sequence[Block], start: str) -> int:
    """The last paragraph that begins so: the contents repeat the headings."""
    return max(n for n, block in enumerate(found) if isinstance(block, Text) and block.text.startswith(start))


def text(start: str, old: str, new: str, count: int = 1) -> Edit:
    """Another text in a paragraph."""

    def edit(found: list[Block]) -> list[Block]:
        n = at(found, start)
        assert old in found[n].text
        return [*found[:n], replace(found[n], text=found[n].text.replace(old, new, count)), *found[n + 1 :]]

    return edit


def gone(start: str) -> Edit:
    """A paragraph left out."""
    return lambda found: [block for n, block in enumerate(found) if n != at(found, start)]


def added(after: str, new: str) -> Edit:
    """A paragraph more."""

    def edit(found: list[Block]) -> list[Block]:
        n = at(found, after)
        return [*found[: n + 1], replace(found[n], text=new), *found[n + 1 :]]

    return edit


def moved(start: str, before: str) -> Edit:
    """A paragraph in another place."""

    def edit(found: list[Block]) -> list[Block]:
        block = found[at(found, start)]
        rest = [one for one in found if one is not block]
        n = at(rest, before)
        return [*rest[:n], block, *rest[n:]]

    return edit


def cell(number: int, holding: str, old: str, new: str) -> Edit:
    """Another text in a cell of the row of a table that holds a text."""

    def edit(found: list[Block]) -> list[Block]:
        grid = next(b for b in found if isinstance(b, Grid) and b.number == number)
        lines = [list(line) for line in grid.lines]
        line = next(line for line in lines if any(holding in str(raw.value) for raw in line))
        n = max(n for n, raw in enumerate(line) if str(raw.value) == old)
        line[n] = line[n]._replace(value=new)
        other = replace(grid, lines=tuple(map(tuple, lines)))
        return [other if block is grid else block for block in found]

    return edit


DOCUMENT = (
    Planted("封面", text("单位预算公开", "公开", "公示"), "单位预算公示"),
    Planted("标题", text("一、主要职能", "主要职能", "单位职能"), "单位职能"),
    Planted("职能改写", text("（二）承担科技创新", "日常管理", "综合管理"), "综合管理"),
    Planted("职能移动", moved("（五）为创新型城市", "（一）开展科技统计"), "为创新型城市建设"),
    Planted("机构改写", text("乌鲁木齐科技信息服务中心无下属", "下属预算单位", "下属二级单位"), "二级单位"),
    Planted("表题", text("单位收支总体情况表", "总体情况表", "总体状况表"), "总体状况表"),
    Planted("表序号", text("表2", "表2", "表二"), "表二"),
    Planted("表注相反", text("注：本表不含", "不含上年结转", "含上年结转"), "本表含上年结转"),
    Planted(
        "空表说明的年份",
        text("乌鲁木齐科技信息服务中心2026年没有使用国有资本", "2026", "2025"),
        "2025年没有使用",
    ),
    Planted("节标题", text("一、关于乌鲁木齐", "总体说明", "情况说明"), "收支预算情况的情况说明"),
    Planted("总数", text("按照全口径", "794.86", "794.96"), "794.96"),
    Planted("列举漏一项", text("收入预算包括：一般公共预算、", "、单位资金", ""), "单位资金、"),
    Planted(
        "列举次序",
        text("支出预算包括", "科学技术支出、资源勘探工业信息", "资源勘探工业信息支出、科学技术"),
        "信息支出、科学",
    ),
    Planted("句中总额", text("乌鲁木齐科技信息服务中心单位收入预算", "794.86", "749.86"), "749.86"),
    Planted("占比", text("一般公共预算648.89", "81.64", "81.46"), "81.46"),
    Planted("未安排改写", text("政府性基金预算未安排", "未安排", "本年没有安排"), "本年没有安排"),
    Planted("增减额", text("单位资金28.00", "18.00", "18.80"), "18.80"),
    Planted("增减率", text("财政拨款结转117.98", "3,486.02", "3,468.02"), "3,468.02"),
    Planted("原因改写", text("基本支出364.68万元，占", "残疾人就业保障金", "残疾人保障金"), "残疾人保障金"),
    Planted("增减方向", text("项目支出430.19", "增加277.69", "减少277.69"), "减少277.69"),
    Planted(
        "半句删去", text("收入全部为", "，无政府性基金预算拨款和国有资本经营预算", ""), "无政府性基金预算拨款"
    ),
    Planted("收入金额", text("收入预算包括：一般公共预算拨款", "648.89", "684.89"), "684.89"),
    Planted("用途金额", text("一般公共预算支出包括", "364.68", "346.68"), "346.68"),
    Planted(
        "拨款合计", text("乌鲁木齐科技信息服务中心2026年一般公共预算拨款合计", "648.89", "648.98"), "648.98"
    ),
    Planted("基本支出", text("基本支出364.68万元，比", "364.68", "364.86"), "364.86"),
    Planted("结构占比", text("1.科学技术支出（类）648.89", "100.00", "99.00"), "99.00"),
    Planted("科目名称", text("1.科学技术支出（类）科技条件", "机构运行", "机关运行"), "机关运行（项）"),
    Planted("科目金额", text("2.科学技术支出（类）科技条件", "284.21", "248.21"), "248.21"),
    Planted("经济分类漏列", text("人员经费333.28", "津贴补贴、", ""), "津贴补贴、"),
    Planted("经济分类多列", text("公用经费31.40", "办公费、", "办公费、会议费、"), "会议费、"),
    Planted("文号", text("设立的政策依据：机构编制", "165号", "156号"), "156号"),
    Planted("规模", text("预算安排规模：32.21", "32.21", "32.12"), "32.12"),
    Planted("分配", text("资金分配情况：租赁费", "8.00", "8.80"), "8.80"),
    Planted("分配改写", text("资金分配情况：电费", "电费", "电费和网络费"), "电费和网络费"),
    Planted("执行时间", text("资金执行时间", "12月25日", "12月31日"), "12月31日"),
    Planted("三公金额", text("乌鲁木齐科技信息服务中心2026年财政拨款“三公”", "1.89", "1.98"), "1.98"),
    Planted("增加0改减少0", text("2026年财政拨款“三公”", "增加0.00", "减少0.00"), "减少0.00"),
    Planted("委托总额", text("乌鲁木齐科技信息服务中心2026年委托业务费", "24.31", "24.13"), "24.13"),
    Planted("委托用途", text("3.红山科技创新券奖补资金委托", "审计", "评审"), "的评审"),
    Planted("结转总额", text("乌鲁木齐科技信息服务中心2026年上年结转", "117.98", "117.89"), "117.89"),
    Planted("结转用途", text("2.“小微企业", "0.48", "0.84"), "0.84"),
    Planted("运行经费原因", text("乌鲁木齐科技信息服务中心2026年的事业", "职工体检", "职工培训"), "职工培训"),
    Planted(
        "采购金额", text("2026年，乌鲁木齐科技信息服务中心政府采购", "货物预算5.00", "货物预算50.00"), "50.00"
    ),
    Planted("预留份额", text("2026年，乌鲁木齐科技信息服务中心面向", "97.48", "94.78"), "94.78"),
    Planted("资产年份", text("截至2025年底", "2025", "2024"), "2024"),
    Planted(
        "车辆价值", text("2.车辆1辆", "一般公务用车1辆，价值19.52", "一般公务用车1辆，价值19.25"), "19.25"
    ),
    Planted("家具价值", text("3.办公家具", "9.60", "9.06"), "9.06"),
    Planted("有原因的段落删去", gone("单位资金28.00"), "取消：单位资金28.00"),
    Planted("段落删去", gone("单位价值50万元以上"), "单位价值50万元以上大型设备0台"),
    Planted(
        "购置改写",
        text("2026年单位预算未安排购置车辆", "未安排购置车辆经费", "未安排车辆购置经费"),
        "车辆购置经费",
    ),
    Planted("项目个数", text("2026年，本单位预算绩效", "项目共4个", "项目共5个"), "5"),
    Planted("其他事项", text("本单位上年结转SM项目", "完全不予公开", "不予公开"), "表不予公开"),
    Planted("名词改写", text("二、一般公共预算：", "专项收入", "专项的收入"), "专项的收入"),
    Planted("名词删去", gone("五、基本支出"), "公用经费（定额）"),
    Planted("名词新增", added("九、委托业务费", "十、国库集中支付：指由国库直接付款。"), "国库集中支付"),
    Planted("多写一段", added("4.其他资产价值", "5.另有待处置设备一批。"), "待处置设备"),
    Planted("公开日期", text("2026年2月27日", "2月27日", "3月2日"), "03-02"),
    Planted("表头", cell(6, "科目代码", "科目名称", "经济科目名称"), "经济科目名称", alone=True),
    Planted("指标值", cell(13, "全年各类信息总时长", "≥480分钟", "≥460分钟"), "460"),
    Planted(
        "指标名称",
        cell(13, "备案认定各级", "备案认定各级科技型企业孵化器数量", "备案各级孵化器数量"),
        "备案各级孵化器",
    ),
    Planted("佐证资料", cell(14, "机房正常运转率", "工作资料", "运行日志"), "运行日志"),
    Planted("权重", cell(15, "入库服务机构数量", "7", "8"), "8"),
    Planted("表下说明", text("注：本表不含", "，含上级转移支付资金", ""), "含上级转移支付资金"),
    Planted("表下说明删去", gone("注：本表不含"), "本表不含上年结转结余资金"),
    Planted("构成占比", text("1.科学技术支出（类）648.89", "100.00%", "99.00%"), "99.00"),
    Planted(
        "款写作类", text("1.科学技术支出（类）科技条件与服务（款）机构运行", "（款）", "（类）"), "（类）", 2
    ),
    Planted("资产年份", text("截至2025年底", "2025年底", "2024年底"), "2024"),
    Planted("段落重复", added("政府性基金预算未安排", "政府性基金预算未安排。"), "未安排"),
    Planted("落款单位", gone("乌鲁木齐科技信息服务中心"), "乌鲁木齐科技信息服务中心"),
)

Typed: TypeAlias = tuple[str, str, str, str]
"""Kind, old text, new text, and what is told of it."""

WORKBOOK: tuple[Typed, ...] = (
    ("公开日期", "2026-02-27", "2026-03-02", "03-02"),
    ("内设机构称谓", "内设机构称谓 | 科室", "内设机构称谓 | 处室", "处室"),
    ("千分位", "千分位 | 是", "千分位 | 否", "千分位"),
    ("持平表述", "持平表述 | 增加0.00万元", "持平表述 | 无变化", "无变化"),
    ("职能改写", "承担科技创新载体和科技创新券的日常", "承担科技创新载体和科技创新券的综合", "综合管理"),
    ("职能删去", " | 主要职能 | 负责科技信息网络、机房和业务系统的运行维护。\n", "", "机房和业务系统"),
    (
        "职能新增",
        "职能与机构 | 类别 | 内容\n",
        "职能与机构 | 类别 | 内容\n | 主要职能 | 管理档案资料库房。\n",
        "管理档案",
    ),
    ("机构新增", "\n收支总体 |", " | 内设机构 | 档案科\n\n收支总体 |", "档案科"),
    ("其他收入", "其他收入 | 28.00", "其他收入 | 82.00", "82.00"),
    ("基本支出科目", "30201 |  |  | 8.93", "30201 |  |  | 9.83", "9.83"),
    ("经济分类新增", " | 30302 |  | 28.40", " | 30239 |  |  | 0.30\n | 30302 |  | 28.40", "30239"),
    ("经济分类删去", " | 30205 |  |  | 0.08\n", "", "30205"),
    ("项目金额", "机房运行维护费 | 2.00 | ", "机房运行维护费 | 2.20 | ", "2.20"),
    ("项目经济分类", "12.00 | 238.00", "12.00 | 228.00", "228.00"),
    ("三公", "公务用车运行 | 1.89", "公务用车运行 | 1.98", "1.98"),
    ("委托业务费", "保运转 | 0.50", "保运转 | 0.60", "0.60"),
    ("结转", "特定目标0510022L | 4.80", "特定目标0510022L | 4.08", "4.08"),
    ("上年数", "单位资金 |  | 10.00", "单位资金 |  | 11.00", "11.00"),
    ("上年数科目", "一般公共预算支出 | 2060501 | 288.10", "一般公共预算支出 | 2060501 | 281.80", "281.80"),
    ("原因改写", "列入本年预算", "纳入本年预算", "纳入本年预算"),
    ("原因反向", "2060501 | 2026年增加了工作人员", "2060501 | 2026年减少了工作人员", "减少了工作人员"),
    ("原因删去", " | 运行经费 |  | 安排了职工体检和残疾人就业保障金等支出\n", "", "安排了职工体检"),
    ("政策依据", "165号）和科技企业孵化器", "156号）和科技企业孵化器", "156号"),
    ("分配金额", "劳务费2.4万元", "劳务费4.2万元", "4.2万元"),
    ("委托用途", "聘请法律顾问", "聘请审计机构", "聘请审计机构"),
    ("结转用途", "统计手册和刊物印制1.03万元", "统计手册和刊物印制1.30万元", "1.30万元"),
    ("采购货物", "采购货物 |  | 5.00", "采购货物 |  | 5.50", "5.50"),
    ("预留", "预留小微企业 |  | 0.34", "预留小微企业 |  | 0.43", "0.43"),
    ("房屋面积", "房屋 | 0 | 0", "房屋 | 120 | 0", "120"),
    ("车辆数量", "一般公务用车 | 1 |", "一般公务用车 | 2 |", "→ 2"),
    ("车辆价值", "| 19.52", "| 15.92", "15.92"),
    ("家具", "办公家具 |  | 9.60", "办公家具 |  | 6.90", "6.90"),
    ("大型设备", "大型设备50 | 0 | \n | 大型设备100", "大型设备50 | 3 | \n | 大型设备100", "→ 3"),
    ("负责人", "| 0.00 | 刘某", "| 0.00 | 王某", "王某"),
    ("总体目标", "兑付科技创新券，", "及时兑付科技创新券，", "及时兑付"),
    ("绩效资金", "250.00 | 0.00 | 刘某", "205.00 | 0.00 | 刘某", "205.00"),
    ("指标名称", "全年全媒体信息发布", "全年新媒体信息发布", "全年新媒体"),
    ("指标值调低", "≥480分钟", "≥408分钟", "408分钟"),
    ("指标值符号", "=4次", "≥4次", "≥4次"),
    ("指标值设置依据", "≥50家 | 计划标准", "≥50家 | 行业标准", "行业标准"),
    ("上年完成值", "| 计划标准 | 100% | 5 | 按照", "| 计划标准 | 90% | 5 | 按照", "90%"),
    ("权重", "≥40家 | 计划标准 |  | 5", "≥40家 | 计划标准 |  | 6", "6"),
    (
        "赋分规则",
        "≥95% | 计划标准 | 100% | 10 | 满意度赋分",
        "≥95% | 计划标准 | 100% | 10 | 直接赋分",
        "直接赋分",
    ),
    (
        "佐证资料",
        "修订相关制度数量 | =1条 | 计划标准 |  | 5 | 按照完成比例赋分 | 工作资料",
        "修订相关制度数量 | =1条 | 计划标准 |  | 5 | 按照完成比例赋分 | 制度文件",
        "制度文件",
    ),
    (
        "指标删去",
        " |  |  |  | 非正常停机时长 | <=2小时 | 计划标准 |  | 4 | 按照完成比例赋分 | 工作资料\n",
        "",
        "非正常停机时长",
    ),
    (
        "指标新增",
        " |  |  | 质量指标 | 机房正常运转率",
        " |  |  |  | 保障专线数量 | >=2条 | 计划标准 |  | 4 | 直接赋分 | 工作资料\n |  |  | 质量指标 | 机房正常运转率",
        "保障专线数量",
    ),
    (
        "满意度",
        "服务企业满意度 | >=95% | 计划标准 |  | 10 | 满意度赋分 | 工作资料\n | 自治区",
        "服务企业满意度 | >=85% | 计划标准 |  | 10 | 满意度赋分 | 工作资料\n | 自治区",
        "85%",
    ),
    ("时限", "=2026年12月25日之前", "=2026年12月31日之前", "12月31日"),
    ("成本", "<=26.50万元", "<=25.60万元", "25.60万元"),
    ("单位", ">=2场次", ">=2次", ">=2次"),
    ("审核说明", "权重一并沿用", "权重也一并沿用", "也一并沿用"),
    (
        "项目改名",
        "“小微企业创业创新综合管理信息服务大平台”机房运行维护费",
        "“小微企业双创综合管理信息服务平台”机房运维费",
        "可能改名",
    ),
    (
        "并入绩效表",
        "专线网络费0.16万元 | ",
        "专线网络费0.16万元 | 红山科技创新券奖补资金",
        "红山科技创新券奖补资金",
    ),
    ("房屋价值", "房屋 | 0 | 0", "房屋 | 0 | 12.50", "12.50"),
    ("其他资产", "446.98", "464.98", "464.98"),
    ("执行时间", "2026年1月1日—2026年12月25日", "2026年1月1日—2026年12月31日", "12月31日"),
    ("其他车辆", "其他车辆 | 0 | 0", "其他车辆 | 1 | 0", "→ 1"),
    ("执法执勤用车", "执法执勤用车 | 0 | 0", "执法执勤用车 | 2 | 0", "→ 2"),
    ("采购服务", "采购服务 |  | 93.93", "采购服务 |  | 93.39", "93.39"),
    ("购置大型设备", "购置大型设备50 | 0", "购置大型设备50 | 1", "→ 1"),
    ("机构类型", "机构类型 | 事业单位", "机构类型 | 参公事业单位", "参照公务员法"),
    ("二级指标", "社会成本指标 | 其他费用", "经济成本指标 | 其他费用", "经济成本指标"),
    ("依据改类", "机房正常运转率 | >=90% | 计划标准", "机房正常运转率 | >=90% | 历史标准", "历史标准"),
    (
        "职能移动",
        " | 主要职能 | 组织科普宣传和科技新闻报道，办好科教类电视栏目和新媒体平台。\n | 主要职能 | 为创新型城市建设、创新创业活动提供信息和技术保障。\n",
        " | 主要职能 | 为创新型城市建设、创新创业活动提供信息和技术保障。\n | 主要职能 | 组织科普宣传和科技新闻报道，办好科教类电视栏目和新媒体平台。\n",
        "移动",
    ),
    ("文号倒置", "乌党办发〔2020〕32号", "乌党办发〔2020〕23号", "23号"),
)
