"""Decides the way to each address: directly, or through which proxies.

One object for the whole program. Every transport asks it at each request, so a changed setting counts at once, and all
of them take the same way.

A PAC file that cannot be used leads where a browser would go: to what the system names besides, else directly. `Choice`
tells. This computer itself is never reached through a proxy.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib import request as system
from urllib.parse import unquote, urlsplit

from app.adapters.daemon import in_daemon_thread
from app.adapters.network.heard import HeardTime
from app.adapters.network.login import ProxyLogin
from app.adapters.network.pac import Pac, PacFailed
from app.adapters.network.trust import Trust
from app.domain.addresses import is_loopback
from app.network_settings import NetworkSettings, ProxyMode, bracketed, is_exception
from app.ports.secrets import Secret

_log = logging.getLogger(__name__)

_SYSTEM_KEPT_S = 60.0
"""Whoever joins a VPN gets other settings."""
_BAD_KEPT_S = 60.0
SYSTEM_HAS_SETTINGS = sys.platform in ("win32", "darwin")
_PORTS = {"http": 80, "https": 443}
_SPOKEN = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class Way:
    """`proxy` is its address, without user name and password; empty is the direct way."""

    proxy: str = ""

    @property
    def place(self) -> str:
        """The proxy as `name:port`."""
        return urlsplit(self.proxy).netloc

    @property
    def can_be_gone(self) -> bool:
        return not self.proxy or urlsplit(self.proxy).scheme in _SPOKEN


DIRECT = Way()


@dataclass(frozen=True, slots=True)
class Choice:
    """The ways to try, in this order. `pac` says why a PAC file was not used, or is empty."""

    ways: tuple[Way, ...]
    pac: str = ""


class Ways:
    """Implements app.ports.line.Line. May be used from any thread.

    Attributes:
        trust: whom to trust.
        login: what proxies are told of who we are.
        heard: what answers said of the time.

    Args:
        time_url: whom to ask for the time by plain http, where a certificate seems too old or too young.
        loopback_is_far: treat this computer as any other, as tests do.
    """

    def __init__(
        self,
        settings: NetworkSettings | None = None,
        password: Secret | None = None,
        *,
        time_url: str = "",
        loopback_is_far: bool = False,
        pac: Pac | None = None,
    ) -> None:
        settings = settings if settings is not None else NetworkSettings()
        self.trust = Trust(settings.ca)
        self.heard = HeardTime()
        self.time_url = time_url
        self._pac = pac if pac is not None else Pac(self.trust)
        self._loopback_is_far = loopback_is_far
        self._lock = threading.Lock()
        self._settings = settings
        self.login = ProxyLogin()
        self.login.use(settings.user, password, tells_first=settings.tells_first)
        self._system: dict[str, tuple[Choice, float]] = {}
        self._bad: dict[Way, float] = {}

    def use(self, settings: NetworkSettings, password: Secret | None) -> None:
        self._settings = settings
        self.login.use(settings.user, password, tells_first=settings.tells_first)
        self.trust.use(settings.ca)
        self.forget()

    def forget(self) -> None:
        """Ask everything anew."""
        with self._lock:
            self._system, self._bad = {}, {}
        self.login.forget()
        self._pac.forget()

    def is_near(self, url: str) -> bool:
        """Whether it is this computer itself."""
        return is_loopback(url) and not self._loopback_is_far

    # Which way

    async def find(self, url: str) -> Choice:
        """The ways to an address. Whatever takes time happens in a thread."""
        quick = self._quick(url)
        return quick if quick is not None else await in_daemon_thread(lambda: self.to(url), "network")

    def to(self, url: str) -> Choice:
        """The same, where one may wait."""
        quick = self._quick(url)
        if quick is not None:
            return quick
        if self._settings.mode is ProxyMode.PAC:
            return self._by_pac((self._settings.pac,), url, Choice((DIRECT,)))
        choice = self._by_system(url)
        with self._lock:
            self._system[_key(url)] = choice, time.monotonic()
        return choice

    def mark_bad(self, way: Way) -> None:
        """The proxy cannot be reached: it comes last for some time, where there is a choice."""
        with self._lock:
            self._bad[way] = time.monotonic()

    def _quick(self, url: str) -> Choice | None:
        settings = self._settings
        if settings.mode is ProxyMode.NONE or self.is_near(url):
            return Choice((DIRECT,))
        if settings.mode is ProxyMode.FIXED:
            parts = urlsplit(url)
            is_direct = is_exception(settings.exceptions, parts.hostname or "", _port(url))
            return Choice((DIRECT if is_direct else Way(settings.proxy_url),))
        if settings.mode is ProxyMode.PAC:
            known = self._pac.known(settings.pac, url)
            return None if known is None else self._sorted(known)
        if any(name in _SPOKEN for name in system.getproxies_environment()):
            return self._by_environment(url)
        if not SYSTEM_HAS_SETTINGS:
            return Choice((DIRECT,))
        kept = self._system.get(_key(url))
        return kept[0] if kept is not None and time.monotonic() - kept[1] < _SYSTEM_KEPT_S else None

    def _by_environment(self, url: str) -> Choice:
        host = urlsplit(url).netloc.rpartition("@")[2]
        if system.proxy_bypass(host):
            return Choice((DIRECT,))
        return Choice((self._way(system.getproxies_environment().get(urlsplit(url).scheme, "")),))

    def _by_system(self, url: str) -> Choice:
        """The PAC file that the system names comes before its fixed proxy, as everywhere else on it."""
        parts = urlsplit(url)
        is_direct = bool(system.proxy_bypass(parts.hostname or ""))
        named = DIRECT if is_direct else self._way(system.getproxies().get(parts.scheme, ""))
        besides = Choice((named,))
        try:
            scripts = self._pac.of_system()
        except PacFailed as error:
            return Choice(besides.ways, str(error))
        return self._by_pac(scripts, url, besides) if scripts else besides

    def _by_pac(self, addresses: Iterable[str], url: str, besides: Choice) -> Choice:
        reason = ""
        for address in addresses:
            try:
                return self._sorted(self._pac.find(address, url))
            except PacFailed as error:
                reason = str(error)
                _log.warning("The PAC file at %s cannot be used: %s", urlsplit(address).hostname or "a file", reason)
        return Choice(besides.ways, reason)

    def _sorted(self, answers: tuple[str, ...]) -> Choice:
        ways = [DIRECT if each.upper() == "DIRECT" else self._way(each) for each in answers] or [DIRECT]
        now = time.monotonic()
        bad = [way for way in ways if now - self._bad.get(way, -_BAD_KEPT_S) < _BAD_KEPT_S]
        return Choice(tuple(way for way in ways if way not in bad) + tuple(bad))

    def _way(self, address: str) -> Way:
        """A proxy as the system or a script names it; the name and password in it are kept apart."""
        if not address:
            return DIRECT
        try:
            parts = urlsplit(address if "://" in address else f"http://{address}")
            scheme = parts.scheme.lower()
            proxy = f"{scheme}://{bracketed(parts.hostname or '')}:{parts.port or _PORTS.get(scheme, 1080)}"
        except ValueError:
            return Way("unknown://proxy")
        if parts.username:
            self.login.keep_own(proxy, unquote(parts.username), Secret(unquote(parts.password or "")))
        return Way(proxy)


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or _PORTS.get(parts.scheme, 443)
