"""However a document is published, it is read the same: compositions of kinds, drawn by a seed.

`python -m benchmarks.variants` tries many more of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from budgetgen.book.derivation import derive
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.writing.document.writer import render_document
from tests import layers, wordings
from tests.conftest import PUBLISHED, SAMPLES, some
from tests.variants import OWN, Variants, outcome

VARIANTS = Variants(OWN)
PATH = Path("公开文本.docx")


@pytest.fixture(scope="module")
def sample(newest):
    """The file of the sample's document, and what it gives."""
    book, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"), newest)
    data = render_document(compose(derive(book, newest), newest), newest)
    return data, outcome(PATH, VARIANTS.varied(data, ()))


@pytest.fixture(scope="module")
def published():
    """The file of a published document, and what it gives."""

    @cache
    def of(name):
        data = (PUBLISHED / f"{name}.docx").read_bytes()
        return data, outcome(PATH, VARIANTS.varied(data, ()))

    return of


@pytest.mark.parametrize("kind", some(layers.KINDS, 3))
def test_a_document_reads_the_same_whatever_layers_word_puts_around_it(sample, kind):
    data, plain = sample
    assert outcome(PATH, VARIANTS.varied(data, [kind])).faults(plain, [kind]) == {}


@pytest.mark.parametrize("seed", some(range(40), 2))
def test_the_sample_reads_the_same_in_several_kinds_of_variant(sample, seed):
    data, plain = sample
    kinds = VARIANTS.drawn(str(seed), 3)
    assert (kinds, outcome(PATH, VARIANTS.varied(data, kinds)).faults(plain, kinds)) == (kinds, {})


@pytest.mark.published
@pytest.mark.parametrize("seed", some(range(20), 1))
@pytest.mark.parametrize("name", some(["2025-district", "2024-bureau", "2026-park", "2026-center"], 2))
def test_a_published_document_reads_the_same_in_several_kinds_of_variant(published, name, seed):
    data, plain = published(name)
    kinds = VARIANTS.drawn(f"{name} {seed}", 3)
    assert (kinds, outcome(PATH, VARIANTS.varied(data, kinds)).faults(plain, kinds)) == (kinds, {})


def test_kinds_that_spoil_each_other_are_not_drawn_together():
    drawn = [VARIANTS.drawn(str(seed), 3) for seed in range(200)]
    assert all(len(set(kinds)) == len(kinds) for kinds in drawn)
    assert not [kinds for kinds in drawn if {"split_halves", "split_bare"} <= set(kinds)]
    assert {kind for kinds in drawn for kind in kinds} & set(wordings.KINDS)
