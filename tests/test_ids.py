"""Every id that a finding, a sheet or an advice shows is known wherever ids are looked up."""

from __future__ import annotations

import re

import pytest
from openpyxl import load_workbook

from budgetgen.app.pipeline import explain
from budgetgen.app.pipeline.rules import rules
from budgetgen.app.reports.findings import explained, understood
from budgetgen.book.relations import relations
from budgetgen.checking.documents import of_document
from budgetgen.checking.rules import RULES
from budgetgen.edition import available, load
from budgetgen.values.findings import Advice, UnusableInputError
from budgetgen.values.model import Book, Table
from budgetgen.verification.residue import RULES as RESIDUE
from tests.conftest import ROOT
from tests.findings import finding

CALLED = re.compile(
    r'(?:rules\[|_finding\(|Complaint\(|_untaken\(|teller\.finding\(|told\((?:self\.edition, |edition, )?)\s*"([a-z][a-z-]+)"'
)
"""An id where the program makes a finding of it."""


def told(edition):
    """All ids that something may be told under, from where they come from."""
    sources = (ROOT / "src").rglob("*.py")
    literal = {name for path in sources for name in CALLED.findall(path.read_text(encoding="utf-8"))}
    assert len(literal) > 40
    return {*literal, *RULES, *RESIDUE.values(), *Advice, *(r.rule.id for r in relations(edition))}


def live(edition):
    """The ids on the sheet 校验 of the blank workbook."""
    workbook = load_workbook(
        ROOT / "templates" / "xlsx" / f"{edition.id}.xlsx", read_only=True, data_only=True
    )
    rows = workbook[edition.live.sheet].iter_rows(max_col=7, values_only=True)
    return {name for what, *_, name in rows if name and what} - {edition.live.captions[-1]}


def test_every_id_that_can_be_told_is_declared_listed_and_explained(edition):
    shown = live(edition)
    assert {r.rule.id for r in relations(edition)} >= {name for name in shown if ":" in name} != set()
    wanted = {*told(edition), *shown}
    listed = {line.split()[1] for line in rules(edition.id).splitlines() if "　" in line and line.split()[1:]}
    assert (wanted - set(edition.rules), set(edition.rules) - listed) == (set(), set())
    for name in edition.rules:
        known = explain.explained(name, edition=edition.id)
        found = known.rule
        assert f"核对什么：{found.title}\n" in explained(known)
        assert all((found.title, found.basis, found.fix))


def test_a_finding_of_any_id_is_told_of_a_document_and_of_a_file_read(edition):
    blank = Book(edition.id, "", {table.name: Table(table.name) for table in edition.table})
    for name in edition.rules:
        told = finding(name, edition.rules[name].severity, "甲")
        (one,) = of_document([told], blank, edition)
        assert one.fix == (edition.rules[name].fix_document or told.fix)
        assert edition.rules[name].title in understood([told], edition)


def test_explain_finds_what_only_an_earlier_edition_has_and_takes_half_width_signs():
    newest, *earlier = (load(name) for name in available())
    gone = next(name for edition in earlier for name in edition.rules if name not in newest.rules)
    assert explain.explained(gone).edition.id != newest.id
    assert explain.explained("prior:三公:合计").rule.id == "prior:三公：合计"
    with pytest.raises(UnusableInputError) as refused:
        explain.explained("prior:三公：小计")
    assert refused.value.fix == "您是否指“prior:三公：合计”"
