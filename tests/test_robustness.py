"""A seeded sample of what `benchmarks/robustness.py` measures: nothing breaks, hangs or gets lost."""

from __future__ import annotations

from functools import cache

import pytest
from benchmarks.robustness import Score, source_of, tried

from tests.conftest import PUBLISHED, SAMPLES, some

WORKBOOK, DOCUMENT = SAMPLES / "xinjiang-2026-unit.xlsx", PUBLISHED / "2026-center.docx"
BATCH = 10
"""How many mutations are made in one test."""
NEVER = 1_000_000
"""No mutant of these is searched for the figures that are wrong: that takes longest, and has tests of its own."""


@pytest.fixture(scope="module")
def source():
    """A file, opened once."""
    return cache(source_of)


@pytest.mark.parametrize(
    ("path", "batch"),
    [
        *((WORKBOOK, batch) for batch in some(range(4), 2)),
        *(pytest.param(DOCUMENT, batch, marks=pytest.mark.published) for batch in some(range(3), 1)),
    ],
    ids=lambda value: value.stem if hasattr(value, "stem") else str(value),
)
def test_changed_files_are_read_or_refused_and_no_figure_is_lost(source, path, batch):
    score = Score()
    for seed in range(1 + batch * BATCH, 1 + batch * BATCH + BATCH):
        tried(source(path), seed, score, locate=NEVER)
    assert score.failures == []
    assert score.tried.total() == BATCH
