"""What tests share: the edition, and Books out of text grids."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgetgen.edition import available, load

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session", params=available())
def edition(request):
    """Each edition in turn."""
    return load(request.param)


@pytest.fixture(scope="session")
def newest():
    """The newest edition."""
    return load(available()[0])
