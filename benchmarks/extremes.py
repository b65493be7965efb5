"""Reads the documents of all extreme cases back, in every edition and kind.

    python -m benchmarks.extremes

The tests take each case in one of them; this takes some minutes.
"""

from __future__ import annotations

from itertools import product

from tests.extremes.cases import CASES, VARIANTS
from tests.extremes.test_extremes import REFUSED, ROUNDED, unread


def main() -> None:
    """Print what each document reads otherwise than it was written, and how much that is."""
    cases = CASES.keys() - REFUSED - ROUNDED
    failed = 0
    for case, variant in product(sorted(cases), VARIANTS):
        for told in unread(case, variant):
            failed += 1
            print(variant, case, told)
    print(f"{len(cases)} 例，{failed} 处不符")


if __name__ == "__main__":
    main()
