"""`python -m tests.bench [NAME ...]`: run benchmarks, print figures beside budgets, write `build/bench.json`.

The exit status tells whether the benchmarks ran, not how they came out: a busy machine is no failure.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence

from tests.bench import first_frame, listing, memory, pages, stall, target
from tests.bench.figures import Figure, baselines, table, write_json
from tests.bench.processes import ROOT

BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "first-frame": first_frame.measure,
    "list": listing.measure,
    "stall": stall.measure,
    "memory": memory.measure,
    "pages": pages.measure,
    "target": target.measure,
}
REPORT = ROOT / "build" / "bench.json"


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. Choose from: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    status = 0
    for name in names or BENCHMARKS:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            figures += BENCHMARKS[name]()
        except Exception:
            traceback.print_exc()
            print(f"{name} could not run.", file=sys.stderr)
            status = 1
    print(table(figures), baselines(figures), sep="\n\n")
    write_json(figures, REPORT)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
