"""Azurite, Microsoft's own emulator of blob storage, on loopback: a second opinion on what speaks to the blob service.

It is fetched from npm once, into `build/`. It serves https with a certificate of the practice vault's making, and takes
tokens whose claims are right; their signatures it does not check.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.simulator.tls import CERTIFICATE_FILE, KEY_FILE, TlsFolder

VERSION = "3.35.0"
ACCOUNT = "devstoreaccount1"
"""The one account that Azurite has by itself."""

_PROGRAM = "azurite-blob.cmd" if os.name == "nt" else "azurite-blob"
_READY = "successfully listens on "
_INSTALLS_WITHIN_S, _STARTS_WITHIN_S, _ENDS_WITHIN_S = 300, 60, 20


class NoAzurite(Exception):
    """It cannot be had here; the text says why."""


@dataclass(frozen=True, slots=True)
class Azurite:
    endpoint: str
    token: str
    ca: Path


def installed_azurite(build: Path) -> Path:
    """The program, fetched if need be.

    Raises:
        NoAzurite: there is no Node, or the fetching failed.
    """
    folder = build / f"azurite-{VERSION}"
    program = folder / "node_modules" / ".bin" / _PROGRAM
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NoAzurite("Node.js with npm is not installed")
    if program.exists():
        return program
    passing = build / f"azurite-{VERSION}-{os.getpid()}"
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(passing), f"azurite@{VERSION}"]
    try:
        passing.mkdir(parents=True, exist_ok=True)
        subprocess.run(command, capture_output=True, text=True, timeout=_INSTALLS_WITHIN_S, check=True)
        if not folder.exists():
            passing.rename(folder)  # whole, or not at all: another run may be looking
    except subprocess.CalledProcessError as error:
        raise NoAzurite(f"npm could not install azurite: {error.stderr.strip()[-300:]}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoAzurite(f"npm could not install azurite: {error}") from error
    finally:
        shutil.rmtree(passing, ignore_errors=True)
    return program


@asynccontextmanager
async def run_azurite(program: Path, folder: Path) -> AsyncIterator[Azurite]:
    """Start it with nothing in it, and end it afterwards."""
    tls = TlsFolder(folder)
    process = await asyncio.create_subprocess_exec(
        str(program),
        *("--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"),
        *("--blobHost", "127.0.0.1", "--blobPort", "0", "--oauth", "basic"),
        *("--cert", str(folder / CERTIFICATE_FILE), "--key", str(folder / KEY_FILE)),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(_STARTS_WITHIN_S):
            base = await _address(process)
        yield Azurite(f"{base}/{ACCOUNT}/", _token(), tls.ca)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.communicate(), _ENDS_WITHIN_S)


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    said = ""
    async for line in process.stdout:
        said += line.decode()
        if _READY in said:
            return said.rpartition(_READY)[2].strip()
    raise NoAzurite(f"azurite ended at once: {said.strip()[-300:]}")


def _token() -> str:
    now = int(time.time())
    claims = {
        "iss": "https://sts.windows.net/00000000-0000-0000-0000-000000000000/",
        "aud": "https://storage.azure.com",
        "nbf": now - 60,
        "iat": now - 60,
        "exp": now + 3600,
    }
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    return ".".join([*(_encoded(json.dumps(part).encode()) for part in parts), _encoded(b"not signed")])


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
