"""A web server on loopback that hands out one file as web servers do, and badly where a test says so."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Heads = dict[str, str]


@dataclass
class Asked:
    """One request as it came."""

    path: str
    headers: Heads


@dataclass
class Answer:
    """What is sent: the body is cut after `cut` bytes, and waits for `gate` after `gate_at` of them."""

    status: int
    headers: Heads
    body: bytes
    cut: int | None = None
    gate_at: int | None = None


@dataclass
class FileServer:
    """`answers` are for the next requests, each made from the request; afterwards the file is served well."""

    content: bytes
    etag: str = '"one"'
    answers: list[Callable[[Asked], Answer]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    base: str = ""

    @property
    def link(self) -> str:
        return f"{self.base}/setup.exe"

    def well(self, asked: Asked) -> Answer:
        """As a web server serves a file."""
        size, heads = len(self.content), {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"}
        if self.etag:
            heads["ETag"] = self.etag
        found = re.fullmatch(r"bytes=(\d+)-", asked.headers.get("range", ""))
        if found is None or asked.headers.get("if-range", self.etag) != self.etag:
            return Answer(200, heads, self.content)
        start = int(found[1])
        if start >= size:
            return Answer(416, heads | {"Content-Range": f"bytes */{size}"}, b"")
        return Answer(206, heads | {"Content-Range": f"bytes {start}-{size - 1}/{size}"}, self.content[start:])

    def cut_at(self, count: int) -> Callable[[Asked], Answer]:
        """As well, and the line breaks after the file's byte `count`."""

        def answer(asked: Asked) -> Answer:
            whole = self.well(asked)
            begun = len(self.content) - len(whole.body)
            whole.cut = max(count - begun, 0)
            return whole

        return answer


@asynccontextmanager
async def serve_file(content: bytes, **options: str) -> AsyncIterator[FileServer]:
    file = FileServer(content, **options)

    talks: set[asyncio.Task[None] | None] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            asked = Asked(lines[0].split(" ")[1], headers)
            file.asked.append(asked)
            answer = file.answers.pop(0)(asked) if file.answers else file.well(asked)
            await _send(writer, answer, file.gate)
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()  # whoever asked has gone
        finally:
            writer.close()
            talks.discard(asyncio.current_task())

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    file.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield file
    finally:
        file.gate.set()
        server.close()
        await asyncio.gather(*(task for task in talks if task is not None), return_exceptions=True)
        await server.wait_closed()


async def _send(writer: asyncio.StreamWriter, answer: Answer, gate: asyncio.Event) -> None:
    heads = {"Content-Length": str(len(answer.body)), "Connection": "close"} | answer.headers
    head = "".join(f"{name}: {value}\r\n" for name, value in heads.items() if value)
    writer.write(f"HTTP/1.1 {answer.status} Answer\r\n{head}\r\n".encode("latin-1"))
    body = answer.body if answer.cut is None else answer.body[: answer.cut]
    if answer.gate_at is not None:
        writer.write(body[: answer.gate_at])
        await writer.drain()
        await gate.wait()
        body = body[answer.gate_at :]
    writer.write(body)
    await writer.drain()
