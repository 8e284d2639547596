"""Goes a way by hand, step by step, and tells where it ends: name, proxy, its permission, TLS, one answer.

The libraries that carry the program's calls say too little of a failure: not who issued a certificate, nor how a proxy
wants to be told who asks. Blocks: for a thread. No token is ever sent, and nothing at all over a line whose
certificate was not accepted.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from app.adapters.network.answers import judge_answer
from app.adapters.network.certificates import Shown, certificate_trouble, read_shown, reading_context
from app.adapters.network.faults import kind_of
from app.adapters.network.proxy_answers import (
    AT_PROXY,
    NEXT_PROXY,
    PROXY_ASKS,
    is_asking,
    proxy_asks,
    proxy_refuses,
    schemes,
)
from app.adapters.network.trust import UntrustworthyFile
from app.adapters.network.ways import Way, Ways
from app.domain.addresses import host_of
from app.domain.line_trouble import CLOCK_SLACK_S, LineTrouble, Trouble
from app.network_settings import bracketed
from app.ports.line import LineFacts

CONNECT_WITHIN_S, ANSWER_WITHIN_S = 6.0, 10.0
_LONGEST_HEAD = 64 * 1024
_AGENT = "SiteRecoveryDesk"
_OK = 200

Resolve = Callable[[str, int], list[str]]


class Stopped(Exception):
    """The way ended here."""

    def __init__(self, trouble: LineTrouble) -> None:
        super().__init__(trouble.kind)
        self.trouble = trouble


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Walk:
    """One address, gone once. `give_up` ends it from any thread.

    Args:
        own_ca: one more CA file, of a connection.
    """

    def __init__(
        self,
        url: str,
        ways: Ways,
        *,
        own_ca: Any = None,
        asks: bool = True,
        resolve: Resolve = look_up,
        connect_within_s: float = CONNECT_WITHIN_S,
        answer_within_s: float = ANSWER_WITHIN_S,
    ) -> None:
        self._url = url
        self._parts = urlsplit(url)
        self._host = host_of(url)
        self._ways = ways
        self._own_ca = own_ca
        self._asks = asks
        self._resolve = resolve
        self._connect_within_s = connect_within_s
        self._answer_within_s = answer_within_s
        self._is_given_up = threading.Event()
        self._socket: Any = None
        self._facts = LineFacts(url)

    def go(self) -> LineFacts:
        """Go the way that every call goes, and tell."""
        began = time.monotonic()
        choice = self._ways.to(self._url)
        facts = LineFacts(self._url, pac=choice.pac)
        for way in choice.ways:
            self._facts = LineFacts(self._url, proxy=way.place, pac=choice.pac)
            try:
                self._go(way)
            except Stopped as stop:
                trouble = replace(stop.trouble, pac=choice.pac) if not way.proxy else stop.trouble
                self._facts = replace(self._facts, trouble=trouble)
            facts = self._facts
            if facts.trouble is None or facts.trouble.kind not in NEXT_PROXY:
                break
            self._ways.mark_bad(way)
        return replace(facts, seconds=time.monotonic() - began)

    def give_up(self) -> None:
        self._is_given_up.set()
        line = self._socket
        if line is not None:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                """It had ended by itself."""

    def offered_by(self, way: Way) -> tuple[str, ...]:
        """How a proxy wants to be told who asks."""
        try:
            _, headers, line = self._knock(way, told="")
            line.close()
        except Stopped:
            return ()
        return schemes(headers)

    def _go(self, way: Way) -> None:
        try:
            context = self._ways.trust.context(self._own_ca)
        except UntrustworthyFile as error:
            raise Stopped(error.trouble) from error
        is_https = self._parts.scheme == "https"
        if not way.proxy:
            line = self._connect_far()
        else:
            line = self._tunnel(way) if is_https else self._to_proxy(way)
        try:
            if is_https:
                line = self._encrypt(line, context, way)
            if self._asks:
                self._ask(line, way)
        finally:
            line.close()

    # The parts of the way

    def _connect_far(self) -> Any:
        host, port = self._parts.hostname or "", self._parts.port or (443 if self._parts.scheme == "https" else 80)
        try:
            addresses = self._resolve(host, port)
            self._facts = replace(self._facts, addresses=tuple(addresses))
            return self._connect(addresses, port)
        except OSError as error:
            raise Stopped(LineTrouble(kind_of(error) or Trouble.NO_ANSWER, self._host, said=str(error))) from error

    def _to_proxy(self, way: Way) -> Any:
        parts = urlsplit(way.proxy)
        if not way.can_be_gone:
            raise Stopped(LineTrouble(Trouble.PROXY_UNUSABLE, self._host, way.place, said=parts.scheme))
        try:
            port = parts.port or 80
            line = self._connect(self._resolve(parts.hostname or "", port), port)
        except OSError as error:
            raise Stopped(self._at_proxy(error, way)) from error
        if parts.scheme != "https":
            return line
        try:
            return self._ways.trust.context(self._own_ca).wrap_socket(line, server_hostname=parts.hostname)
        except ssl.SSLCertVerificationError as error:
            line.close()
            again = partial(self._connect, self._resolve(parts.hostname or "", port), port)
            shown = self._shown_by(again, way, plain=True)
            trouble = certificate_trouble(way.place, parts.hostname or "", shown, error, None, way.place)
            kind = Trouble.PROXY_UNTRUSTED if trouble.kind is Trouble.UNTRUSTED else trouble.kind
            raise Stopped(replace(trouble, kind=kind)) from error
        except OSError as error:
            line.close()
            raise Stopped(self._at_proxy(error, way)) from error

    def _connect(self, addresses: list[str], port: int) -> socket.socket:
        failure: OSError = OSError("no address")
        for address in addresses:
            if self._is_given_up.is_set():
                raise TimeoutError("given up")
            try:
                line = socket.create_connection((address, port), timeout=self._connect_within_s)
            except OSError as error:
                failure = error
                continue
            line.settimeout(self._answer_within_s)
            self._socket = line
            return line
        raise failure

    def _tunnel(self, way: Way) -> Any:
        """A line through the proxy, the password told only if it asks for it."""
        login = self._ways.login
        told = login.told_now(way.proxy)
        status, headers, line = self._knock(way, told or "")
        if told is not None:
            self._take_verdict(way, status, headers, line)
        elif status == PROXY_ASKS:
            line.close()
            offered = schemes(headers)
            told = login.told_when_asked(way.proxy, offered)
            if told is None:
                raise Stopped(proxy_asks(login, way, self._host, offered))
            try:
                status, headers, line = self._knock(way, told)
                self._take_verdict(way, status, headers, line)
            finally:
                login.end_trial(way.proxy)
        if status != _OK:
            line.close()
            raise Stopped(proxy_refuses(way, self._host, status))
        return line

    def _take_verdict(self, way: Way, status: int, headers: http.client.HTTPMessage, line: Any) -> None:
        """Remember what the proxy says of the password that it was told."""
        if not is_asking(status, was_told=True):
            self._ways.login.accepted(way.proxy)
            return
        line.close()
        self._ways.login.refused(way.proxy)
        raise Stopped(proxy_asks(self._ways.login, way, self._host, schemes(headers)))

    def _knock(self, way: Way, told: str) -> tuple[int, http.client.HTTPMessage, Any]:
        host, port = self._parts.hostname or "", self._parts.port or 443
        place = f"{bracketed(host)}:{port}"
        line = self._to_proxy(way)
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}", f"User-Agent: {_AGENT}"]
        lines += [f"Proxy-Authorization: {told}"] if told else []
        try:
            line.sendall("\r\n".join([*lines, "", ""]).encode())
            status, headers = _head(line)
        except OSError as error:
            line.close()
            raise Stopped(self._at_proxy(error, way)) from error
        except ValueError as error:
            line.close()
            raise Stopped(LineTrouble(Trouble.PROXY_UNUSABLE, self._host, way.place, said=str(error))) from error
        return status, headers, line

    def _encrypt(self, line: Any, context: ssl.SSLContext, way: Way) -> Any:
        name = self._parts.hostname or ""
        try:
            encrypted = _wrapped(line, context, name)
        except ssl.SSLCertVerificationError as error:
            line.close()
            shown = self._shown_by(lambda: self._tunnel(way) if way.proxy else self._connect_far(), way)
            if shown is not None:
                self._facts = replace(self._facts, issuer=shown.issuer, ends=shown.ends)
            raise Stopped(self._judged(name, shown, error, way)) from error
        except OSError as error:
            line.close()
            kind = kind_of(error) or Trouble.TLS_FAILED
            raise Stopped(LineTrouble(kind, self._host, way.place, said=str(error))) from error
        shown = read_shown(encrypted.getpeercert(True) or b"")
        if shown is not None:
            self._facts = replace(self._facts, issuer=shown.issuer, ends=shown.ends)
        return encrypted

    def _judged(self, name: str, shown: Shown | None, error: ssl.SSLError, way: Way) -> LineTrouble:
        ahead = self._ways.heard.ahead_s
        trouble = certificate_trouble(self._host, name, shown, error, ahead, way.place)
        if trouble.kind in (Trouble.EXPIRED, Trouble.NOT_YET_VALID) and ahead is None and self._ways.time_url:
            time_walk = Walk(
                self._ways.time_url,
                self._ways,
                resolve=self._resolve,
                connect_within_s=self._connect_within_s,
                answer_within_s=self._answer_within_s,
            )
            time_walk.go()
            ahead = self._ways.heard.ahead_s
            trouble = certificate_trouble(self._host, name, shown, error, ahead, way.place)
        return trouble

    def _shown_by(self, again: Callable[[], Any], way: Way, *, plain: bool = False) -> Shown | None:
        """Look at the certificate that was not accepted. The line ends without a word."""
        name = urlsplit(way.proxy).hostname if plain else self._parts.hostname
        try:
            line = again()
            try:
                line = _wrapped(line, reading_context(), name or "")
                return read_shown(line.getpeercert(True) or b"")
            finally:
                line.close()
        except (OSError, Stopped):
            return None

    def _ask(self, line: Any, way: Way, told: str = "") -> None:
        parts = self._parts
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        is_plain_proxy = way.proxy and parts.scheme == "http"
        target = f"http://{parts.netloc}{path}" if is_plain_proxy else path
        login = self._ways.login
        told = (told or login.told_now(way.proxy) or "") if is_plain_proxy else ""
        lines = [
            f"GET {target} HTTP/1.1",
            f"Host: {parts.netloc}",
            f"User-Agent: {_AGENT}",
            "Accept: application/json",
            "Connection: close",
        ]
        lines += [f"Proxy-Authorization: {told}"] if told else []
        try:
            line.sendall("\r\n".join([*lines, "", ""]).encode())
            status, headers = _head(line)
        except OSError as error:
            kind = kind_of(error) or Trouble.NO_ANSWER
            raise Stopped(LineTrouble(kind, self._host, way.place, said=str(error))) from error
        except ValueError as error:
            raise Stopped(LineTrouble(Trouble.WEB_PAGE, self._host, way.place, said=str(error))) from error
        if told:  # here 401 is the site's own
            self._take_verdict(way, status if status == PROXY_ASKS else _OK, headers, line)
        elif status == PROXY_ASKS and way.proxy:
            self._ask_again(way, schemes(headers))
            return
        self._take_answer(status, headers, way)

    def _ask_again(self, way: Way, offered: tuple[str, ...]) -> None:
        """Ask an address by plain http once more, with the password for the proxy."""
        login = self._ways.login
        told = login.told_when_asked(way.proxy, offered)
        if told is None:
            raise Stopped(proxy_asks(login, way, self._host, offered))
        line = self._to_proxy(way)
        try:
            self._ask(line, way, told)
        finally:
            line.close()
            login.end_trial(way.proxy)

    def _take_answer(self, status: int, headers: http.client.HTTPMessage, way: Way) -> None:
        ahead = None if self._ways.is_near(self._url) else self._ways.heard.hear(headers.get("Date"))
        self._facts = replace(self._facts, status=status, ahead_s=ahead)
        plain = {"Content-Type": headers.get("Content-Type", ""), "Location": headers.get("Location", "")}
        trouble = judge_answer(self._url, status, plain, way.place)
        if trouble is None and ahead is not None and abs(ahead) > CLOCK_SLACK_S:
            trouble = LineTrouble(Trouble.CLOCK_WRONG, self._host, way.place, ahead_s=ahead)
        if trouble is not None:
            raise Stopped(trouble)

    def _at_proxy(self, error: OSError, way: Way) -> LineTrouble:
        kind = AT_PROXY.get(kind_of(error) or Trouble.NO_ANSWER, Trouble.PROXY_REFUSED)
        return LineTrouble(kind, self._host, way.place, said=str(error))


def _wrapped(line: Any, context: ssl.SSLContext, name: str) -> Any:
    if isinstance(line, ssl.SSLSocket):  # TLS within the TLS of the proxy
        from urllib3.util.ssltransport import SSLTransport

        return SSLTransport(line, context, server_hostname=name)
    return context.wrap_socket(line, server_hostname=name)


def _head(line: Any) -> tuple[int, http.client.HTTPMessage]:
    """The status and the headers of an answer.

    Raises:
        ValueError: it is none of HTTP.
        OSError: it does not come.
    """
    data = b""
    while b"\r\n\r\n" not in data and b"\n\n" not in data:
        if len(data) > _LONGEST_HEAD:
            raise ValueError("the head of the answer does not end")
        chunk = line.recv(4096)
        if not chunk:
            if data:
                break
            raise ConnectionResetError("the line ended before an answer")
        data += chunk
    first, _, rest = data.partition(b"\n")
    words = first.decode("latin-1").split(None, 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
        raise ValueError("the answer is none of HTTP")
    return int(words[1]), http.client.parse_headers(io.BytesIO(rest))
