"""What is kept on Windows: Credential Manager, tokens that DPAPI encrypts, the user's files, keys and scripts.

Run by Windows' own Python under Wine, where there is one: WINDOWS_PYTHON is the command for it, such as
"/usr/lib/wine/wine64 python.exe", with the program's packages for Windows, and WINEPREFIX is its Windows. It shows
what the program asks of Windows and what comes back, not how well Wine's own encryption guards it.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shlex
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.identity import TENANT, YOU, ServedIdentity, served_identity

COMMAND = os.environ.get("WINDOWS_PYTHON", "")
PREFIX = os.environ.get("WINEPREFIX", "")
DRIVER = Path(__file__).with_name("in_windows.py")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (COMMAND and PREFIX), reason="WINDOWS_PYTHON and WINEPREFIX name no Python of Windows"),
]


async def windows(
    what: str, *arguments: object, on_line: Callable[[dict[str, Any]], object] = lambda line: None
) -> list[dict[str, Any]]:
    """Let Windows' Python do it; each line it says, also to `on_line` as it comes."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
    environment |= {"PYTHONPATH": f"Z:{DRIVER.parents[2]}", "WINEDEBUG": "-all"}
    environment.pop("SITE_RECOVERY_DESK_HOME", None)
    process = await asyncio.create_subprocess_exec(
        *shlex.split(COMMAND),
        f"Z:{DRIVER}",
        what,
        *map(str, arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said = []
    async for raw in process.stdout:
        said.append(json.loads(raw))
        on_line(said[-1])
    errors = await process.stderr.read()
    assert await process.wait() == 0, errors.decode(errors="replace")
    return said


def on_disk(text: str) -> list[str]:
    """The files of that Windows, its registry among them, in which the text can be read."""
    wanted = [text.encode(), text.encode("utf-16-le"), "".join(f"{byte:02x}," for byte in text.encode()).encode()]
    homes = [path for path in Path(PREFIX, "drive_c", "users").rglob("*") if path.is_file() and not path.is_symlink()]
    files = [*homes, *Path(PREFIX).glob("*.reg")]
    return [file.name for file in files if any(each in file.read_bytes() for each in wanted)]


def token_caches() -> list[Path]:
    return list(Path(PREFIX, "drive_c", "users").rglob("site-recovery-desk-*.cae"))


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedIdentity]:
    async with served_identity(tmp_path / "server") as identity:
        yield identity


async def test_credential_manager_keeps_gives_and_forgets() -> None:
    canary = secrets.token_hex(12)
    await windows("store", canary)
    ((kept),) = await windows("recall", canary)  # another process
    assert kept["where"] == "Windows Credential Manager"
    assert kept["found"] == {"first": f"first {canary}", "second": f"second {canary}", "third": None}
    assert on_disk(canary) == []
    await windows("forget", canary)
    ((gone),) = await windows("recall", canary)
    assert set(gone["found"].values()) == {None}


async def test_what_is_too_large_for_a_credential_is_refused_and_not_told() -> None:
    canary = secrets.token_hex(12)
    refused, after = await windows("too-large", canary)
    assert refused["code"]
    assert not refused["tells_it"]
    assert "large" in refused["title"]
    assert not after["kept"]
    assert on_disk(canary) == []


async def test_tokens_are_kept_encrypted_read_by_the_next_process_and_removed(served: ServedIdentity) -> None:
    arguments = served.arm, f"Z:{served.ca}"

    def enter(line: dict[str, Any]) -> None:
        if "code" in line:
            served.enter(line["code"])

    _, signed_in = await windows("sign-in", *arguments, on_line=enter)
    assert signed_in == {"account": YOU, "where": "a file that Windows encrypts for your account", "is_lasting": True}
    assert token_caches()

    (went_on,) = await windows("go-on", *arguments)
    assert went_on["account"] == YOU
    assert served.vaults(went_on["token"]).status == 200
    for text in (went_on["token"], TENANT, "RefreshToken"):
        assert on_disk(text) == []
    assert set(on_disk(YOU)) <= {
        "user.reg"
    }  # each person's credential is named by the account, as in the saved connection

    (out,) = await windows("sign-out", *arguments)
    assert out == {"code": "NotSignedIn", "left": []}


async def test_files_lie_where_windows_keeps_a_user_s() -> None:
    (saved,) = await windows("save")
    assert saved["same"]
    assert all("AppData\\Local\\Site Recovery Desk\\" in file for file in saved["files"])


async def test_a_key_is_for_its_user_alone_and_takes_the_place_of_one_that_nobody_has_open(tmp_path: Path) -> None:
    service, own, refused, after, plain = await windows("keys", f"Z:{tmp_path}")
    assert (service["way"], own["way"]) == ("service", "own")
    everybody = ";;;WD)"
    assert everybody in plain["plain"]  # what a file takes over from its folder
    for made in (service, own):
        assert made["same"]
        assert plain["user"] in made["entries"]
        assert everybody not in made["entries"]
    assert refused["title"] == "The registration key was not saved"
    assert "another program has it open" in refused["advice"]
    assert after == {"kept": True, "files": ["plain", "site.VaultCredentials"]}
    assert (tmp_path / "site.VaultCredentials").stat().st_mode & 0o007 == 0


async def test_scripts_are_written_as_they_are_and_a_signature_that_cannot_be_seen_is_no_failure(
    tmp_path: Path,
) -> None:
    files, signature = await windows("files", f"Z:{tmp_path}")
    assert files == {"scripts": 3, "same": True, "files": 3}
    assert (tmp_path / "Register-all.ps1").read_bytes().startswith("\ufeff#".encode())
    assert signature["verdict"] == "not_checked"
    assert "not checked here" in signature["text"]
