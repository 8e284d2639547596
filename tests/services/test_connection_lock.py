"""One writer per connection, however the first one ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.runtime.connection_lock import ConnectionLock

HOLDER = """
import sys
from pathlib import Path
from app.runtime.connection_lock import ConnectionLock
lock = ConnectionLock.take(Path(sys.argv[1]))
print("held" if lock else "refused", flush=True)
sys.stdin.read()
"""


def test_a_second_one_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = ConnectionLock.take(path)
    assert first is not None
    assert ConnectionLock.take(path) is None
    first.release()
    second = ConnectionLock.take(path)
    assert second is not None
    second.release()


@pytest.mark.slow
def test_a_killed_program_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        assert ConnectionLock.take(path) is None
        holder.kill()
        holder.wait(timeout=10)
    lock = ConnectionLock.take(path)
    assert lock is not None
    lock.release()
