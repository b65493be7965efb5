"""What is told of files: every saying of the code is declared with the slots that the code gives, and none besides."""

import ast
from functools import cache

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import FOLDERS, available, load
from budgetgen.edition.errors import EditionError
from budgetgen.reading.grid import read_grid
from budgetgen.values.patterns import slots
from budgetgen.values.sayings import ONLY, listed, saying
from tests.test_house import MODULES, parsed

EDITIONS = tuple(load(name) for name in available())
WORDS = {
    **{rule: words.says for edition in EDITIONS for rule, words in edition.rules.items()},
    "": EDITIONS[0].stating,
}
"""The sayings by rule; those that rules share without one."""
DECLARED = {
    (rule, which, frozenset(slots(text))) for rule, says in WORDS.items() for which, text in says.items()
}
EDGES = ("app.", "writing.review", "comparison.wording", "department.")
"""Where findings become words: what people see, and what a comparison or a department's workbook quotes."""


def calls(tree, rule=""):
    """Every call of `saying`: the rule that stands around it if one does, which ones it may be, its slots."""
    for node in ast.iter_child_nodes(tree):
        around = next(filter(None, map(ruled, ast.walk(node))), rule) if is_telling(node) else rule
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "saying":
            which = node.args[0] if node.args else ast.Constant(ONLY)
            named = [key.arg for key in node.keywords]
            yield around, tuple(names(which)), None if None in named else frozenset(named)
        yield from calls(node, around)


def is_telling(node):
    """Whether a node tells a finding of one rule: a registered function, a call with the rule's id."""
    if isinstance(node, ast.FunctionDef):
        return any(
            isinstance(one, ast.Call) and getattr(one.func, "id", "") == "rule" for one in node.decorator_list
        )
    return isinstance(node, ast.Call) and len({one for one in map(ruled, ast.walk(node)) if one}) == 1


def ruled(node):
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) and value in WORDS else ""


def names(node):
    """The constants that a name may be; None for one that is worked out."""
    match node:
        case ast.Constant(value=value):
            yield value
        case ast.Name(id="ONLY"):
            yield ONLY
        case ast.IfExp(body=body, orelse=other):
            yield from (*names(body), *names(other))
        case _:
            yield None


@cache
def every_call():
    """Those of all modules."""
    return [one for name in MODULES for one in calls(parsed(name))]


def fits(call, declared):
    (rule, which, given), (own, name, wanted) = call, declared
    return rule in {"", own} and (None in which or name in which) and given in {None, wanted}


def test_every_saying_that_is_declared_is_told_with_its_very_slots():
    assert [
        one for one in sorted(DECLARED, key=str) if not any(fits(call, one) for call in every_call())
    ] == []


def test_every_saying_that_is_told_is_declared_with_its_very_slots():
    untold = [
        (rule, which, given)
        for rule, several, given in every_call()
        for which in several
        if not any(
            fits((rule, (which,), given), one) or (fits(("", (which,), given), one) and one[0] == "")
            for one in DECLARED
        )
    ]
    assert (len(every_call()) > 200, untold) == (True, [])


def test_only_the_edges_put_findings_into_words():
    """What merges, keeps apart or withholds goes by the fields."""
    worded = [
        name
        for name in MODULES
        if not name.startswith(EDGES) and name != "values.findings"
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.Attribute)
        and node.attr == "message"
        and not (isinstance(node.value, ast.Name) and node.value.id in {"rule", "self"})
        and not (isinstance(node.value, ast.Attribute) and node.value.attr == "rule")
    ]
    assert worded == []


def test_a_saying_is_equal_by_what_it_states_and_worded_by_its_rule():
    one, other = (saying(格=1, 各项=listed("甲乙"), 另=saying("more", 数=3)) for _ in range(2))
    short = one.worded({"it": "{格}：{各项}{另}", "more": "等 {数} 项"})
    assert short == other
    assert (short.told(), list(short.texts)) == ("1：甲、乙等 3 项", ["甲", "乙"])


@pytest.fixture
def own(tmp_path, monkeypatch):
    """An edition that puts one rule's saying otherwise."""

    def write(line):
        home = tmp_path / "own-2026"
        home.mkdir()
        head = 'extends = "xinjiang-2026"\n[edition]\nid = "own-2026"\n'
        (home / "edition.toml").write_text(head, encoding="utf-8")
        (home / "rules.toml").write_text(f'[[rule]]\nid = "code-malformed"\n{line}\n', encoding="utf-8")
        monkeypatch.setenv(FOLDERS, str(tmp_path))
        return home.name

    return write


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('says.it = "{代码}应为 {几} 位"', "说法“it”没有空位“几”，可以用的是：代码、位数"),
        ('says.its = "{代码}"', "没有“its”这种说法，您是否指“it”"),
    ],
)
def test_an_edition_states_nothing_else_than_the_program_finds(own, line, told):
    with pytest.raises(EditionError) as error:
        load(own(line))
    assert str(error.value) == f"own-2026/rules.toml:3: {told}"


def test_an_edition_may_put_it_otherwise(own):
    edition = load(own('says.it = "应为 {位数} 位，写的是 {代码}"'))
    book, _ = read_grid("支出总体 | 科目代码 | 合计\n | 20605011 | 1.00\n", edition)
    told = [f.message for f in check(derive(book, edition), edition) if f.rule == "code-malformed"]
    assert told == ["应为 7 位，写的是 20605011"]
