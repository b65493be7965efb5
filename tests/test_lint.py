"""What is suspicious about a text by itself, and what is not."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from budgetgen.edition import load
from budgetgen.proofreading.citations import citations
from budgetgen.proofreading.homophones import homophones
from budgetgen.proofreading.lint import lint, unsequenced, variants
from budgetgen.proofreading.terms import known_terms, misspelt
from budgetgen.reading.document.narrative.enumerations import Enumeration
from budgetgen.values.amounts import numeral
from budgetgen.values.model import Row

OFFICES = load("xinjiang-2026").forms.offices


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("比上年预算增加5.00万元，增长（下降）5.00%", ["text-residue"]),
        ("具体情况见下表（按项目分别填报）：", ["text-residue"]),
        ("备注：无内容应公开空表并说明情况。", ["text-residue"]),
        ("将名词解释全部保留", ["text-residue"]),
        ("XX单位收入预算", ["text-residue"]),
        ("主要原因是人员经费增加人员经费增加", ["text-doubled"]),
        ("（一十一）项目名称：甲", ["text-numeral"]),
        ("（十一）项目名称：甲", []),
        ("第（一十）项", ["text-numeral"]),
        ("购置１2台", ["text-mixed"]),
        ("分别为15，120.5万元", []),
        ("编制年度收支预算，下年度收入预算，二〇二六年收支预算情况，未来三年支出预算", []),
        ("关于某单位年收支预算情况的总体说明", ["text-usage"]),
        ("购置12台，共3.5万元", []),
        ("政府采购预算5.9855万元", ["text-decimals"]),
        ("技术交易合同额1234.5万元", []),
        ("联系电话：0000-0000000", ["text-private"]),
        ("乌编办〔2019〕165号，2026年1月1日—2026年12月31日", []),
        ("政办〔2206〕18号", ["text-date"]),
        ("2026年1月1日—2026年12月35日", ["text-date"]),
        ("2026年2月29日", ["text-date"]),
        ("2024年2月29日，2025年13月", ["text-date"]),
        ("金额12026年均", []),
        ("促进科技成果转化，促进科技人才成长", []),
        ("联系人：某某", []),
        ("1、按月发放补助2、专款专用。", ["text-unended"]),
        ("（1）新增平台5家。（2）新增孵化器5家（3）签约30项。", ["text-unended"]),
        ("1、按月发放补助；2、专款专用。", []),
        ("按第1、2、3项办理，见附件1、附件2", []),
        ("合理布局and协同创新", ["text-stray"]),
        ("比2025年预算持平", ["text-usage"]),
        ("与2025年预算持平，比2025年增加", []),
        ("单位价值单价50万元以上大型设备0台", ["text-usage"]),
        ("比上年增加，主要原因是人员经费定额调高，主要原因是人员经费定额调高。", ["text-usage"]),
        ("主要原因是是2026年新增人员", ["text-usage"]),
        ("无。（请各单位据实补充）", ["text-residue"]),
        ("（申请材料由单位填写）", []),
        ("安排购置单位单价100万元以上大型设备0台", ["text-usage"]),
        ("培育和提升企业其自主创新能力", ["text-usage"]),
        ("支持企业自主创新，单位其他支出、企业其余资金由单位自身承担", []),
        ("单价50万元以上大型设备0台", []),
        ("完成考核的要求新增企业5家以上的要求。", ["text-usage"]),
        ("按照上级的要求办理，符合规定的要求。", []),
        ("主要用于主要用于办公", ["text-doubled"]),
        ("主要原因是主要是人员增加", ["text-residue"]),
        ("印发“某市“人才工程”办法”", ["text-marks"]),
        ("印发“某市“人才工程”办法”，依据“通知安排", ["text-marks", "text-brackets"]),
        ("印发“某市“通知，依据“办法安排", ["text-marks", "text-brackets"]),
        ("印发“某市“人才工程”办法", ["text-brackets"]),
        ("按《办法的》的通知，依据《规定安排", ["text-marks", "text-brackets"]),
        ("按【2016】168号和【2017】89号安排", ["text-marks", "text-marks"]),
        ("按办法的》的通知安排", ["text-brackets"]),
        ("按《办法（试行安排", ["text-brackets", "text-brackets"]),
        ("面积1,200平方米（其中：甲馆800平方米，乙馆500平方米）", ["text-parts"]),
        ("支出1,200.00万元（其中：基本支出800.00万元，项目支出400.00万元）", []),
        ("编制120人（其中：女60人，少数民族80人）", []),
        ("车辆12辆（其中：轿车8辆，越野车3辆，新能源车5辆）", []),
        ("培养人员，服务当地农村技术的发展。服务当地农村技术的发展。", ["text-doubled"]),
    ],
)
def test_lint(newest, text, rules):
    assert [rule for rule, _ in lint(text, newest.lint)] == rules


TRUE = """由行政运行（项）调整为一般行政管理事务（项），原列机关服务（项）的经费今年改列事业运行（项）
行政运行（项）以及事业运行（项）支出，科技条件与服务（款）并入科技重大项目（款）
“英才”培养计划拔尖人才，规划拔高标准，提拔付出多的干部
为执法人员购制式服装200套，选购制图仪器10套，自购制证设备
废水经废液处理站处理，企业经废旧物资回收，固废经废渣库处置
我国藉此推动合作，农户藉此增收，运动队陪训人员补助
采构架式管理，业绩校核工作，成绩校对，不予算入考核分值
形势严峻工作繁重，山势险峻工期紧，发布署名文章，究竟争取到多少
自己经手的事项，直接侍弄苗木，毕竟争力不足
对个人和家庭补助支出增加，信息网络软件购置更新
今年安排了政府性基金预算的部门才填列，其他部门该表为空表
包括办公费、水费等……。其他略……；其余"""


@pytest.mark.parametrize("text", TRUE.split("\n"))
def test_of_what_is_right_nothing_is_told(newest, text):
    """Words side by side whose signs make a slip, two levels of two items, names without their small words."""
    assert ([*lint(text, newest.lint)], [*misspelt(text, known_terms(newest), newest.lint)]) == ([], [])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("行政运行（款）机构运行（款）支出", "text-level"),
        ("今年安排了政府性基金预算，该表为空表", "text-usage"),
        ("包括办公费、水费等......。", "text-residue"),
    ],
)
def test_beside_what_is_right_the_slip_is_told(newest, text, rule):
    assert [told for told, _ in lint(text, newest.lint)] == [rule]


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("乌鲁木齐市政协办", []),
        ("乌鲁木齐市区委办", []),
        ("乌鲁木齐市人大办公室", []),
        ("乌鲁木齐市第一中学校", []),
        ("某市科技信息服务中心", ["某市科技信息服务中"]),
    ],
)
def test_a_name_without_its_last_sign_may_be_another_body(name, others):
    assert list(variants(f"关于{name[:-1]}2026年预算的说明", name, OFFICES)) == others


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["一、收入", "（一）拨款", "二、支出", "（一）基本", "（二）项目"], []),
        (["一、收入", "（一）拨款", "三、支出"], ["三、 一、"]),
        (["（一）收入", "（二）支出", "（一）基本", "（二）项目", "（三）拨款", "（四）采购"], []),
        (["（一）收入", "（二）支出", "（一）基本", "（二）项目", "（五）采购"], ["(五) (二)"]),
        (["（1）房屋", "（2）车辆", "（2）家具", "（3）设备"], ["(2) (2)"]),
        (["1.甲", "2.乙", "1.丙", "2.丁", "4.戊", "5.己"], ["4. 2."]),
        (["1.甲", "2.乙", "4.丙", "4.丁", "5.戊"], ["4. 2."]),
        (["第一部分", "一、甲", "第二部分", "一、乙", "第四部分"], ["第四部分 第二部分"]),
        (["第一部分", "第二部分", "第四部分", "第二部分"], ["第四部分 第二部分"]),
        (["二、没有第一项的", "三、下一项"], []),
        (["1.2025年结转项目", "2.2026年项目", "3.5倍的增长", "3、另一项"], []),
        (["（九）甲", "（一十）乙", "（十一）丙"], []),
    ],
)
def test_numbers_of_paragraphs_follow_each_other(newest, texts, told):
    assert [" ".join(stated.texts) for _, stated in unsequenced(texts, newest.lint)] == told


def test_a_private_number_is_not_repeated(newest):
    ((_, stated),) = lint("电话0000-0000000", newest.lint)
    assert "0000000" not in "".join(stated.texts)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("某市科技信息服务中心负责", []),
        ("某市科技信息咨询服务中心负责", ["某市科技信息咨询服务中心"]),
        ("某市企业服务中心负责", []),
        ("某市科技信服务中心负责", ["某市科技信服务中心"]),
        ("某市信息科技服务中心负责", ["某市信息科技服务中心", "信息科技服务中心"]),
    ],
)
def test_other_forms_of_a_name_in_running_text(text, others):
    assert list(variants(text, "某市科技信息服务中心", OFFICES)) == others


@pytest.mark.parametrize("ends", ["科技中心", "中心服务中心", "市局市局"])
def test_a_name_that_repeats_its_words_is_no_other_form_of_itself(ends):
    for places in product(("吉林省", "吉林市", "吉林", "吉林县", ""), repeat=3):
        name = f"吉{''.join(places)}{ends}"
        assert list(variants(f"2026年{name}单位预算公开，{name}负责{name}的收支", name, OFFICES)) == [], name


@pytest.mark.parametrize("kind", ["中学", "幼儿园服务中心"])
@pytest.mark.parametrize("written", [str, numeral])
def test_a_unit_with_another_number_is_another_unit(written, kind):
    for own, other in permutations((*range(1, 24), 100, 101, 110), 2):
        name, named = (f"乌鲁木齐市第{written(number)}{kind}" for number in (own, other))
        assert list(variants(f"{named}的支出，{name}的收入", name, OFFICES)) == []
        called = ((Row(name, "", None, {}), frozenset({name})),)
        assert Enumeration(called, (named,)).miswritten == {}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("乌鲁木齐市河东区中医医院", "乌鲁木齐市河西区中医医院"),
        ("乌鲁木齐市新河滩社区服务中心", "乌鲁木齐市河滩社区服务中心"),
        ("某市河滩社区服务中心", "某市老河滩社区服务中心"),
        ("乌鲁木齐市甲区幼儿园服务中心", "乌鲁木齐市乙区幼儿园服务中心"),
        ("某县上河村村民委员会", "某县下河村村民委员会"),
        ("某县上河村村民委员会", "某县河村村民委员会"),
    ],
)
def test_a_unit_elsewhere_or_newer_is_another_unit(name, other):
    assert [list(variants(*pair, OFFICES)) for pair in ((other, name), (name, other))] == [[], []]


PASSAGE = "全年组织开展面向农村中小学的骨干教师培训项目"
ROOM = PASSAGE.replace("教师", "教室")
PLACES = "主要用于保障本单位机构日常运行和开展"
EMPTY = "没有使用国有资本经营预算拨款安排的支出，国有资本经营预算支出情况表为空表"


def test_the_rarer_of_two_words_is_told_as_the_slip_with_its_clause():
    texts = [f"{PLACES}宣传工作。", f"开展{PLACES}喧传工作，效果好。", "组织宣传月一次。"]
    for order, numbers in (([0, 1, 2], (0, 1)), ([1, 0, 2], (1, 0))):
        ((right, wrong, told),) = homophones([texts[n] for n in order], [])
        said = dict(told.fields)
        assert ((right, wrong), "喧传工作" in said["原文"], "宣传工作" in said["别处"]) == (
            numbers,
            True,
            True,
        )


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ([EMPTY, EMPTY.replace("经营预算支", "经赢预算支")], 1),
        ([EMPTY, EMPTY.replace("经营预算支", "经赢预算支"), "国有资本经赢预算"], 1),
        ([PASSAGE, ROOM, "在职教师120人"], 1),
        ([PASSAGE, ROOM, "在职教师120人", "用于教室维修"], 1),
        ([PASSAGE, ROOM, "在职教师120人", "教师节慰问", "用于教室维修", "新建教室三间"], 0),
        ([f"{PLACES}宣传工作。", f"{PLACES}喧传活动。"], 1),
        ([f"{PLACES}宣传工作。", f"{PLACES}喧传工作。", "在社区举办喧传讲座三次。", "组织宣传月一次。"], 1),
        ([f"（一）{PASSAGE}", f"（二）{ROOM}"], 0),
        ([PASSAGE, f"{ROOM[:-4]}座椅"], 0),
    ],
    ids=[
        "一处写错",
        "写错的抄了一遍",
        "只有一个词在别处",
        "两个词别处各有一次",
        "两个词别处都常用",
        "后面只有一字相同",
        "别处又写错一次",
        "一个列表的两项",
        "后面说的不同",
    ],
)
def test_two_right_words_of_one_sound_are_no_slip(texts, told):
    assert len(list(homophones(texts, ["的地得"]))) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("缴纳机关事业单位基本养老保险较费支出", ["机关事业单位基本养老保险较费支出"]),
        ("公务车用车运行维护费没有变化", ["公务车用车运行维护费"]),
        ("编制一般共公预算", ["一般共公预算"]),
        ("编制一般共预算", ["一般共预算"]),
        ("安排国有资本经营预算预算支出", ["国有资本经营预算预算支出"]),
        ("科学技木支出、安排公用经废、招骋人员", ["科学技木支出", "公用经废", "招骋"]),
        ("公务接持费、绩校目标、委拖业务费", ["公务接持费", "委拖业务费", "绩校"]),
        ("财政拨款基本友出和机关远行经费", ["基本友出", "机关远行"]),
        ("上年未结转资金、每人预算经费、处外部门用车", []),
        ("选拔款式、经费已经废止、采购制度、成绩校验、给予算法支持", []),
        ("公务用车运行维护费、一般公共预算拨款、行政单位离退休", []),
        ("行政单位退休人员、基层公共卫生服务、工资和福利支出", []),
        ("国标发展、救火补助、高效服务、节目活动、业绩校验、专用材料费", []),
        ("专用财料费、专用村料费", ["专用财料费", "专用村料费"]),
        ("公务用处运行情况，建筑里面稳重大气", ["公务用处", "建筑里面"]),
        ("公务用品购置、公务用车运行，建筑里面设会议室", []),
        ("社会保障和就业工作", []),
    ],
)
def test_names_of_the_format_that_are_typed_wrong(newest, text, told):
    known = known_terms(newest)
    found = [next(iter(stated.texts)) for stated in misspelt(text, known, newest.lint)]
    assert found == told


def test_every_name_of_the_format_is_written_right(newest):
    """Beside any other name too: none is a slip of another."""
    known = known_terms(newest)
    said = "，".join(known.names) + "。" + "".join(known.names)
    assert list(misspelt(said, known, newest.lint)) == []


TITLE = "《某市科技专项资金管理办法》"


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        ([f"{TITLE}（某科规〔2025〕26号）", f"{TITLE}（某科规〔2025〕26号）"], []),
        ([f"{TITLE}（某科规〔2025〕26号）", f"{TITLE}（某科规(2025)26号）"], []),
        (
            [f"{TITLE}（某科规〔2025〕26号）", f"{TITLE}的通知（某市科规〔2025〕26号）"],
            ["某市科规〔2025〕26号"],
        ),
        ([f"{TITLE}（某科规〔2024〕26号）和{TITLE}（某科规〔2025〕26号）"], []),
        ([f"{TITLE}（某科规〔2025〕26号）和{TITLE}（某科规〔2025〕62号）"], ["某科规〔2025〕62号"]),
        (
            ["机构编制文件（某编办〔2019〕165号）", "和机构编制文件（某编办〔2019〕156号）"],
            ["某编办〔2019〕156号"],
        ),
        (["机构编制文件（某编办〔2019〕165号）", "机构编制文件（某编办〔2019〕170号）"], []),
        (["《甲乙丙丁戊己办法》（某科〔2025〕1号）", f"{TITLE}（某科〔2025〕2号）"], []),
    ],
)
def test_a_document_is_cited_by_one_number(newest, texts, numbers):
    found = [dict(told.fields)["写作"] for _, _, told in citations(texts, newest.lint.cited)]
    assert found == numbers
