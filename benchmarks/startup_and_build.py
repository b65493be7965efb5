"""What a command costs, as ratios measured side by side in one run.

    python -m benchmarks.startup_and_build [runs]

Prints the median seconds of `python -c pass`, of `budgetgen --version`, of `check` and of `build` on the sample,
taken in turn, and the ratio of each to the first.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "samples" / "xinjiang-2026-unit.xlsx"


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            "python -c pass": ["-c", "pass"],
            "budgetgen --version": ["-m", "budgetgen", "--version"],
            "budgetgen check": ["-m", "budgetgen", "check", SAMPLE],
            "budgetgen build": ["-m", "budgetgen", "build", SAMPLE, "-o", folder],
        }
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, arguments in commands.items():
                started = time.perf_counter()
                subprocess.run([sys.executable, *map(str, arguments)], check=True, capture_output=True)
                seconds[name].append(time.perf_counter() - started)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    base = medians["python -c pass"]
    for name, median in medians.items():
        print(f"{name:24}{median:8.2f} s{median / base:8.1f} x")


if __name__ == "__main__":
    main()
