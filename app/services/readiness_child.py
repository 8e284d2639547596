"""A process of its own that reads one readiness file. Started by `readiness_process`, never imported.

The file comes from a stranger's machine. The decoder holds the interpreter until it is through: 50 MB would stop the
window for half a second, and something made to hurt for longer. Here it has limits, and may be ended at any time.

Reads the file's path from standard input; writes lines to standard output: the reports (`readiness_lines`), or one line
with `refused` and `place`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def _limit(seconds: int, memory_bytes: int) -> None:
    """Whoever started this may be gone."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _read(path: Path) -> list[bytes]:
    from app.services.readiness_import import read_reports
    from app.services.readiness_lines import lines_of
    from app.services.readiness_text import Refusal, limits

    bounds = limits()
    _limit(bounds.max_seconds, bounds.max_memory_bytes)
    try:
        if not path.is_file():
            raise Refusal("It is a folder. Choose the file itself." if path.is_dir() else "It is not there any more.")
        with path.open("rb") as stream:
            data = stream.read(bounds.max_file_bytes + 1)
        if len(data) > bounds.max_file_bytes:
            most = bounds.max_file_bytes >> 20
            raise Refusal(f"It is larger than {most} MiB, which no readiness file is. Choose the script’s own file.")
        return [line for host in read_reports(data, bounds) for line in lines_of(host)]
    except Refusal as refusal:
        return [_refused(refusal.reason, refusal.place)]
    except OSError as error:
        return [_refused(f"It can’t be read: {(error.strerror or 'unknown').lower()}.")]
    except (MemoryError, RecursionError):
        return [_refused("It is made so that reading it takes more than it is worth. Ask for a fresh one.")]


def _refused(reason: str, place: str = "") -> bytes:
    return json.dumps({"refused": reason, "place": place}).encode()


def main() -> None:
    path = Path(sys.stdin.buffer.read().decode())
    for line in _read(path):
        sys.stdout.buffer.write(line + b"\n")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))  # of this very copy, wherever another one is installed
    main()
