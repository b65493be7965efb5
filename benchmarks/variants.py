"""Whether documents are read the same however they are published: compositions of kinds of variants over them.

    python -m benchmarks.variants DOCUMENT.docx … [--count 200] [--kinds 3] [--seed S] [--single] [--more VARIANTS.py]

Each composition is drawn by a seed, made, read, derived and checked, and compared with the unchanged document: was
it refused, are there errors that were not there, cells of the numbered tables and of the performance tables, or
figures of the sentences, that are lost or others. Prints every composition that differs, and the counts.
`--more` names a file with further kinds: a mapping `V` of functions on its class `D`, which opens a document.
"""

from __future__ import annotations

import argparse
import importlib.util
import traceback
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests.variants import OWN, Outcome, Variants, outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


SHOWN = 6


@dataclass(frozen=True)
class Trial:
    """One composition over one document.

    Attributes:
        path: the document.
        kinds: of the variant.
    """

    path: Path
    kinds: tuple[str, ...]

    def faults(self, variants: Variants, plain: Outcome) -> dict[str, Sequence[object]]:
        """What differs, by what kind of fault it is."""
        try:
            found = variants.varied(self.path.read_bytes(), self.kinds)
        except Exception as made:  # noqa: BLE001 - some kinds do not fit each other
            return {"不成": [repr(made)]}
        try:
            told = outcome(self.path, found)
        except Exception as refused:  # noqa: BLE001 - this is what is counted
            return {"拒绝": [repr(refused), traceback.format_exc(limit=-2)]}
        return told.faults(plain, self.kinds)


def further(path: Path | None) -> Mapping[str, Callable[[bytes], bytes]]:
    """The kinds of a file that is no part of the project."""
    if path is None:
        return OWN
    spec = importlib.util.spec_from_file_location("further", path)
    assert spec is not None  # noqa: S101 - it is a Python file
    assert spec.loader is not None  # noqa: S101 - likewise
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def opened(change: Callable[[Any], object]) -> Callable[[bytes], bytes]:
        def changed(data: bytes) -> bytes:
            document = module.D(BytesIO(data))
            change(document)
            made = BytesIO()
            document.d.save(made)
            return made.getvalue()

        return changed

    return {name: opened(change) for name, change in module.V.items()}


def trials(paths: Sequence[Path], variants: Variants, asked: argparse.Namespace) -> Iterator[Trial]:
    """Each kind by itself over each document; or compositions, drawn by the seed."""
    if asked.kind:
        yield from (Trial(path, tuple(asked.kind)) for path in paths)
    elif asked.single:
        yield from (Trial(path, (kind,)) for kind in variants.names for path in paths)
    else:
        draw = Random(asked.seed)  # noqa: S311 - a seeded choice
        for number in range(asked.count):
            kinds = variants.drawn(f"{asked.seed} {number}", asked.kinds)
            yield Trial(draw.choice(list(paths)), kinds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=200, help="how many compositions")
    parser.add_argument("--kinds", type=int, default=3, help="of how many kinds each is")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--single", action="store_true", help="each kind by itself instead")
    parser.add_argument("--kind", nargs="+", help="this composition only")
    parser.add_argument("--more", type=Path, help="a file with further kinds")
    asked = parser.parse_args()
    variants = Variants(further(asked.more))
    plain = {path: outcome(path, variants.varied(path.read_bytes(), ())) for path in asked.documents}
    counts: Counter[str] = Counter()
    for trial in trials(asked.documents, variants, asked):
        faults = trial.faults(variants, plain[trial.path])
        counts.update(["共", *faults])
        for fault, found in faults.items():
            print(
                f"{trial.path.stem} {'+'.join(trial.kinds)} {fault} {len(found)}",
                *found[:SHOWN],
                sep="\n    ",
            )
    print(*(f"{name} {count}" for name, count in counts.items()), sep="，")


if __name__ == "__main__":
    main()
