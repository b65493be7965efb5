"""Every regular expression, of the program and of the editions, takes time that grows with the text and no faster."""

from __future__ import annotations

import ast
import re
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from re import _parser as grammar  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, NamedTuple

import pytest

import budgetgen
from budgetgen.edition import available, load
from budgetgen.reading.document.reader import read_document
from tests.conftest import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Iterator


CASES = PUBLISHED.parent / "cases"
ROOT = Path(budgetgen.__file__).parent
SIGNS = 24, 500, 3_000, 30_000
"""Lengths of texts, the short ones first: what grows faster than a square would not come back from the long ones."""
SECONDS = 0.2
"""What a square of the greatest length does not reach, and what grows with them reaches a hundred times over."""
AT_ONCE = SECONDS * (SIGNS[-2] / SIGNS[-1]) ** 2
"""What takes less for the last length but one takes no longer than that for the last, even if it grows by the square.

What grows faster was slow before: by the cube, three thousand signs take 4.5 thousand million steps.
"""
ANCHORED = {"match", "fullmatch"}
ENDS = "\0", "ж"
METHODS = {*ANCHORED, "search", "findall", "finditer", "sub", "split"}


@dataclass(frozen=True)
class Used:
    """An expression, where it stands, and whether it is tried at the beginning of a text only."""

    where: str
    pattern: re.Pattern
    anchored: bool

    def seconds(self, text: str) -> float:
        given = text if isinstance(self.pattern.pattern, str) else text.encode()
        start = time.process_time()
        if self.anchored:
            self.pattern.match(given)
            self.pattern.fullmatch(given)
        else:
            self.pattern.sub(lambda found: found[0], given)
        return time.process_time() - start

    def slow(self) -> str | None:
        """The beginning of a text that takes too long."""
        shapes = list(hostile(self.pattern))
        for signs in SIGNS:
            lasting = []
            for shape in shapes:
                taken = self.seconds(shape.text(signs))
                if (
                    taken > SECONDS and self.seconds(shape.text(signs)) > SECONDS
                ):  # not once, in a busy moment
                    return shape.text(40)
                if signs < SIGNS[-2] or taken > AT_ONCE:
                    lasting.append(shape)
            shapes = lasting
        return None


def of_editions() -> Iterator[Used]:
    for name in available():
        for field, value in vars(load(name).lint).items():
            for pattern in value if isinstance(value, tuple) else (value,):
                if isinstance(pattern, re.Pattern):
                    yield Used(f"{name} lint.{field}", pattern, anchored=False)


def of_the_program() -> Iterator[Used]:
    """Constants, and what is written where it is used; what is put together from an edition's words is fixed text."""
    scripts = {ROOT / "__main__.py", ROOT / "app/board/migrations/env.py"}  # that are run, not imported
    for file in sorted(set(ROOT.rglob("*.py")) - scripts):
        source, name = file.read_text("utf-8"), ".".join(file.relative_to(ROOT.parent).with_suffix("").parts)
        module = import_module(name.removesuffix(".__init__"))
        for constant, value in vars(module).items():
            if isinstance(value, re.Pattern) and f"\n{constant}" in source:
                methods = set(re.findall(rf"\b{constant}\.(\w+)\(", source)) & METHODS
                yield Used(f"{name}.{constant}", value, anchored=bool(methods) and methods <= ANCHORED)
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="re"), attr=method),
                    args=[ast.Constant(value=str() | bytes() as written), *_],
                ) if method in METHODS:
                    yield Used(f"{name}:{node.lineno}", re.compile(written), anchored=method in ANCHORED)


def pieces(parsed) -> Iterator[str]:
    """A sign or word for every atom of an expression, in order."""
    for kind, value in parsed:
        match str(kind):
            case "LITERAL":
                yield chr(value)
            case "IN":
                yield from of_class(value)
            case "ANY" | "NOT_LITERAL":
                yield "甲"
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                yield "".join(pieces(value[2])) * min(max(value[0], 1), 40)
            case "SUBPATTERN" | "ASSERT":
                yield from pieces(value[-1])
            case "ATOMIC_GROUP":
                yield from pieces(value)
            case "BRANCH":
                for choice in value[1]:
                    yield from ("".join(pieces(choice)), *pieces(choice))


CATEGORIES = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_WORD": "-"}


def of_class(members) -> Iterator[str]:
    kinds = [str(kind) for kind, _ in members]
    if kinds[0] == "NEGATE":
        yield "甲"
        return
    for kind, value in members:
        match str(kind):
            case "LITERAL":
                yield chr(value)
            case "RANGE":
                yield chr(value[0])
            case "CATEGORY":
                yield CATEGORIES.get(str(value), "甲")


class Shape(NamedTuple):
    """A text of any length: how it begins, what stands in it over and over, how it ends."""

    begins: str
    over: str
    ends: str

    def text(self, signs: int) -> str:
        return self.begins + (self.over * (signs // len(self.over) + 1))[:signs] + self.ends


def hostile(pattern: re.Pattern) -> Iterator[Shape]:
    """Texts of the expression's own pieces, over and over, that end as it hardly ever does."""
    written = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode()
    atoms = list(dict.fromkeys(pieces(grammar.parse(written, pattern.flags & re.IGNORECASE))))[:16]
    units = {"".join(atoms[i:j]) for i in range(len(atoms)) for j in range(i + 1, min(len(atoms), i + 4) + 1)}
    units.add("".join(atoms))
    begun = [("", unit) for unit in sorted(units - {""})]
    begun += [("".join(atoms[:n]), atom) for n, atom in enumerate(atoms) if atom]
    yield from (Shape(begins, over, end) for begins, over in begun for end in ENDS)


def test_no_expression_of_the_program_or_an_edition_takes_more_than_its_text():
    every = {(used.pattern, used.anchored): used for used in (*of_editions(), *of_the_program())}
    assert len(every) > 60
    slow = {(used.where, used.pattern.pattern): text for used in every.values() if (text := used.slow())}
    assert slow == {}


def test_what_takes_the_square_of_its_text_is_found():
    for written in (r"(\d+\.\d+)万元", r"\s*\n", r"(?:a|a)*d"):
        assert Used("", re.compile(written), anchored=False).slow(), written


@pytest.mark.published
def test_a_document_with_a_run_of_fifty_thousand_digits_is_read_in_seconds():
    start = time.process_time()
    reading = read_document(CASES / "hostile" / "d21_redos4.docx")
    assert time.process_time() - start < 15
    assert [finding.rule for finding in reading.findings] == [
        "document-read",
        "fact-assumed",
        "sentence-differs",
        "text-joined",
        "text-usage",
        "text-usage",
        "text-usage",
        "text-ways",
        "contents-differs",
    ]
