"""A practice vault in another process, as `serve-simulator` gives it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FASTEST = 3600
_ENDS_WITHIN_S = 20


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as the practice vault itself wrote it down."""

    method: str
    path: str
    status: int
    client_request_id: str


@dataclass(frozen=True, slots=True)
class Served:
    """`line` is what it printed when it was ready."""

    line: Mapping[str, Any]
    log_file: Path
    process: asyncio.subprocess.Process

    @property
    def arm(self) -> str:
        return str(self.line["arm"])

    def log(self) -> list[LoggedRequest]:
        lines = (json.loads(text) for text in self.log_file.read_text("utf-8").splitlines())
        return [
            LoggedRequest(line["method"], line["path"], line["status"], line.get("clientRequestId") or "")
            for line in lines
        ]

    def accepted(self, method: str, containing: str) -> list[LoggedRequest]:
        """Writes that were taken, whose path holds these words."""
        return [
            request
            for request in self.log()
            if request.method == method and request.status in (200, 201, 202) and containing in request.path
        ]

    def connection_file(self, path: Path, *, arm: str | None = None) -> Path:
        """A file for `--connection`, leading here or through `arm`."""
        path.write_text(json.dumps({**self.line, "arm": arm or self.arm}), "utf-8")
        return path


@asynccontextmanager
async def serve(folder: Path, *options: str, speed: int = FASTEST) -> AsyncIterator[Served]:
    """Start `serve-simulator` with a log in `folder`, and end it afterwards."""
    log_file = folder / "requests.jsonl"
    process = await start_program(
        "serve-simulator",
        "--port",
        "0",
        "--speed",
        str(speed),
        "--log",
        str(log_file),
        *options,
        home=folder / "served",
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), _ENDS_WITHIN_S)
        yield Served(json.loads(line), log_file, process)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.communicate(), _ENDS_WITHIN_S)


async def start_program(*arguments: str, home: Path) -> asyncio.subprocess.Process:
    """`python -m app` in a process of its own, with the user's folders under `home`."""
    return await start_python("-m", "app", *arguments, home=home)


async def start_python(*arguments: str, home: Path) -> asyncio.subprocess.Process:
    environment = {**os.environ, "SITE_RECOVERY_DESK_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


async def output_of(process: asyncio.subprocess.Process, within_s: float = 60) -> str:
    """Everything it wrote, once it has ended."""
    try:
        written, _ = await asyncio.wait_for(process.communicate(), within_s)
    except TimeoutError:
        process.kill()
        await process.communicate()
        raise
    return written.decode()
