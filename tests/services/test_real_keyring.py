"""Signing in with a secret that a real keyring keeps: gnome-keyring, in a D-Bus session of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.identity import ROBOT, ROBOT_SECRET
from tests.support.sign_in import bytes_below

_NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
_MISSING = [name for name in _NEEDED if shutil.which(name) is None]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(_MISSING), reason=f"not installed: {', '.join(_MISSING)}"),
]
_SCRIPT = """
eval "$(printf 'a password\\n' | gnome-keyring-daemon --unlock --components=secrets 2>/dev/null)" || exit 77
exec "$PYTHON" -m tests.support.in_keyring
"""
_NO_KEYRING = 77
ROOT = Path(__file__).parents[2]


async def in_session(folder: Path) -> dict[str, Any]:
    """What the program told from inside, or a skip where no keyring starts."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON_KEYRING", "DBUS_"))}
    environ |= {
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHON": sys.executable,
        "PYTHONPATH": str(ROOT),
    }
    process = await asyncio.create_subprocess_exec(
        "dbus-run-session", "--", "sh", "-c", _SCRIPT, cwd=ROOT, env=environ, stdout=-1, stderr=-1
    )
    printed, said = await process.communicate()
    if process.returncode == _NO_KEYRING or "Failed to start message bus" in said.decode():
        pytest.skip(f"no keyring starts here: {said.decode()[-300:]}")
    assert process.returncode == 0, said.decode()
    told: dict[str, Any] = json.loads(printed.decode().splitlines()[-1])
    return told


async def test_a_real_keyring_keeps_the_sign_in_until_it_is_signed_out(tmp_path: Path) -> None:
    told = await in_session(tmp_path)

    assert told["backend"] == "keyring.backends.SecretService"
    assert (told["kept"], told["lasting"]) == ("the system keyring", True)
    assert len(told["while_in"]) == 2
    assert any(ROBOT_SECRET in item for item in told["while_in"])
    assert told["resumed"] == ROBOT
    assert told["vaults"] == 200
    assert told["after"] == []
    assert told["forgotten"]
    # Tokens of people need PyGObject besides; without it that is said, and they stay in memory.
    assert told["person_lasting"] or told["person_reason"] == "This computer cannot encrypt tokens for the program."
    assert ROBOT_SECRET.encode() not in bytes_below(tmp_path)
