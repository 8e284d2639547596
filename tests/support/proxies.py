"""Proxies and what stands behind them, on loopback: real ones where Debian's are installed, and small ones that behave
as companies' do.

A name of Azure leads through such a proxy to a site of the test: whoever goes through a proxy looks no name up himself.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.adapters.network.heard import now
from tests.support.waiting import until

LOOPBACK = "127.0.0.1"
JSON = {"Content-Type": "application/json"}
_ENDS_WITHIN_S = 10


class Authority:
    """A CA of the test's own, such as one that a company looks into traffic with."""

    def __init__(self, folder: Path, name: str = "Contoso Inspection CA") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._count = 0
        self.certificate = self._signed(self._name, self._key.public_key(), is_ca=True, days=(-1000, 1000), names=())
        self.file = folder / f"ca-{id(self)}.pem"
        folder.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, *names: str, days: tuple[float, float] = (-1, 30)) -> ssl.SSLContext:
        """For a server of these names, with a certificate valid from so many days ago until so many days ahead."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        certificate = self._signed(subject, key.public_key(), is_ca=False, days=days, names=names)
        self._count += 1
        file = self._folder / f"{id(self)}-{self._count}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        *,
        is_ca: bool,
        days: tuple[float, float],
        names: tuple[str, ...],
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() + timedelta(days=days[0]))
            .not_valid_after(now() + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if names:
            alternatives = [_alternative(name) for name in names]
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


# Sites


@dataclass(slots=True)
class Site:
    """`requests` are the heads that came, over TLS or not; `accepted` counts connections."""

    port: int = 0
    accepted: int = 0
    requests: list[str] = field(default_factory=list)


Reply = Callable[[str], tuple[int, Mapping[str, str], bytes]]
"""An answer's status, headers and body, for a request's head."""


def always(status: int = 200, headers: Mapping[str, str] = JSON, body: bytes = b"{}") -> Reply:
    return lambda head: (status, headers, body)


def dated(ahead: timedelta) -> str:
    """A Date header of a clock that much ahead of this computer's."""
    return format_datetime(datetime.fromtimestamp((now() + ahead).timestamp(), UTC), usegmt=True)


@asynccontextmanager
async def site(reply: Reply | None, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    """Answers every request the same way; None hears it and says nothing."""
    made = Site()
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.accepted += 1
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            made.requests.append(head)
            if reply is None:
                await reader.read()
            else:
                status, headers, body = reply(head)
                fields = {
                    "Date": dated(timedelta()),
                    "Content-Length": str(len(body)),
                    "Connection": "close",
                    **headers,
                }
                lines = [f"HTTP/1.1 {status} Answer", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
                writer.write("\r\n".join(lines).encode() + body)
                await writer.drain()
        await _close(writer)

    async with _serving(talk, tasks, tls) as port:
        made.port = port
        yield made


@dataclass(slots=True)
class Proxy:
    """`asked` are the targets that clients wanted, each with what they told of themselves."""

    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def told(self) -> list[str]:
        return [told for _, told in self.asked]


@asynccontextmanager
async def proxy(
    leads: Mapping[str, int] | None = None,
    *,
    login: tuple[str, str] | None = None,
    offers: tuple[str, ...] = (),
    refuses: int = 0,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Proxy]:
    """Opens ways by CONNECT.

    Args:
        leads: where each name leads, as a port of this computer; others lead where they say.
        login: who may pass, by Basic.
        offers: what a 407 offers; without `login` nothing helps.
        refuses: the status with which every way is refused.
        tls: the proxy itself is reached by TLS.
    """
    made = Proxy()
    tasks: set[asyncio.Task[None]] = set()
    wanted = "" if login is None else "Basic " + base64.b64encode(":".join(login).encode()).decode()
    offered = offers or (('Basic realm="the proxy"',) if login else ())

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            target = head.split()[1]
            told = next((line[20:].strip() for line in head.splitlines() if line.lower().startswith(_TOLD)), "")
            made.asked.append((target, told))
            if offered and (not wanted or told != wanted):
                lines = [f"Proxy-Authenticate: {each}" for each in offered]
                writer.write("\r\n".join(["HTTP/1.1 407 Who are you", *lines, "Content-Length: 0", "", ""]).encode())
                await writer.drain()
            elif refuses:
                writer.write(f"HTTP/1.1 {refuses} No way\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
            else:
                host, _, port = target.rpartition(":")
                await _join(reader, writer, (leads or {}).get(host.strip("[]"), int(port)))
        await _close(writer)

    async with _serving(talk, tasks, tls) as port:
        made.port = port
        yield made


_TOLD = "proxy-authorization:"


async def _join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    there, back = await asyncio.open_connection(LOOPBACK, port)
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

    async def pass_on(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(1 << 16):
                to.write(data)
                await to.drain()
            to.close()

    try:
        await asyncio.gather(pass_on(reader, back), pass_on(there, writer))
    finally:
        back.close()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@asynccontextmanager
async def _serving(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object],
    tasks: set[asyncio.Task[None]],
    tls: ssl.SSLContext | None,
) -> AsyncIterator[int]:
    async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(asyncio.CancelledError):  # asyncio would log it as a fault of the server
            try:
                await talk(reader, writer)  # type: ignore[misc]
            finally:
                tasks.discard(task)
                writer.close()

    server = await asyncio.start_server(begin, LOOPBACK, 0, ssl=tls)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
        for _ in range(50):  # TLS ends in both directions, which takes some turns of the loop
            await asyncio.sleep(0)


def closed_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


# Debian's


class NoTinyproxy(Exception):
    """It is not installed; the text says how it would be."""


@dataclass(frozen=True, slots=True)
class Tinyproxy:
    port: int
    log_file: Path

    def ways(self) -> list[str]:
        """The targets to which it opened a way or was asked to."""
        lines = self.log_file.read_text("utf-8", errors="replace").splitlines()
        return [line.rpartition("CONNECT ")[2].split()[0] for line in lines if "CONNECT " in line and "HTTP/1" in line]


@asynccontextmanager
async def tinyproxy(folder: Path, login: tuple[str, str] | None = None) -> AsyncIterator[Tinyproxy]:
    """
    Raises:
        NoTinyproxy: it is not installed.
    """
    program = shutil.which("tinyproxy") or shutil.which("tinyproxy", path="/usr/sbin:/usr/bin")
    if program is None:
        raise NoTinyproxy("Debian's tinyproxy-bin is not installed")
    port = closed_port()
    log_file, settings = folder / "tinyproxy.log", folder / "tinyproxy.conf"
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    lines = [f"Port {port}", f"Listen {LOOPBACK}", "Timeout 60", f'LogFile "{log_file}"', "LogLevel Connect"]
    lines += ["MaxClients 50", f"Allow {LOOPBACK}"]
    lines += [f"BasicAuth {login[0]} {login[1]}"] if login else []
    await asyncio.to_thread(settings.write_text, "\n".join(lines) + "\n", "utf-8")
    process = await asyncio.create_subprocess_exec(
        program, "-d", "-c", str(settings), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await until(lambda: _listens(port), what="tinyproxy")
        yield Tinyproxy(port, log_file)
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), _ENDS_WITHIN_S)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0
