"""Measures how like the service the practice vault answers: `python -m tests.conformance FOLDER [--json FILE]`.

Every recorded session in the folder is replayed, and every answer held against the recorded one. The exit status is 0
when the run took place, whatever the figures; 2 when it could not.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.conformance.replay import replay
from tests.conformance.report import Report
from tests.support.session_files import SUFFIXES, NotASession, read_session_file


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder of recorded sessions, searched with all its folders")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures and differences as JSON")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        return _refuse(f"There is no folder {options.folder}.")
    report = measure(options.folder)
    if not report.sessions:
        for name, why in report.unreadable.items():
            print(f"{name}: {why}", file=sys.stderr)
        return _refuse(f"There are no recorded sessions in {options.folder}.")
    if options.json is not None:
        try:
            options.json.write_text(json.dumps(report.as_json(), indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            return _refuse(f"{options.json} cannot be written: {error.strerror or error}.")
    print("\n".join(report.lines()))
    return 0


def measure(folder: Path) -> Report:
    """Replay every session in a folder; what is no session is told, and no reason to stop."""
    report = Report()
    for path in sorted(path for path in folder.rglob("*") if _may_be_a_session(path)):
        name = path.relative_to(folder).as_posix()
        try:
            session = read_session_file(name, path.read_bytes())
        except (NotASession, OSError) as error:
            report.unreadable[name] = str(error)
            continue
        report.add(replay(session))
    return report


def _may_be_a_session(path: Path) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return suffixes[-1:] != [] and suffixes[-1] in SUFFIXES and path.is_file()


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
