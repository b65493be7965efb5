"""Reads the documents of all extreme cases back, in every edition and kind: python benchmarks/extremes.py

The tests take each case in one of them; this takes some minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.extremes.cases import CASES, VARIANTS
from tests.extremes.test_extremes import REFUSED, ROUNDED, unread

failed = 0
for case in CASES.keys() - REFUSED - ROUNDED:
    for variant in VARIANTS:
        for told in unread(case, variant):
            failed += 1
            print(variant, case, told)
print(f"{len(CASES)} 例，{failed} 处不符")
