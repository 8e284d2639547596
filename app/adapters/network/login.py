"""What proxies are told of who we are: one user name and password, by Basic.

Nothing is told before a proxy asks, unless that is wished. While one request tries the password at a proxy, all others
wait for what comes of it, and a refused password is not sent again for some time: each try may count towards locking
the account.
"""

from __future__ import annotations

import base64
import threading
import time

from app.ports.secrets import Secret

_REFUSED_KEPT_S = 300.0
_TRIAL_S = 20.0
"""Whoever tries may be gone without a word."""


class ProxyLogin:
    """May be used from any thread. Proxies are named by their addresses."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._user = ""
        self._password: Secret | None = None
        self._tells_first = False
        self._own: dict[str, tuple[str, Secret]] = {}
        self._trials: dict[str, float] = {}
        self._accepted: set[str] = set()
        self._refused: dict[str, float] = {}

    def use(self, user: str, password: Secret | None, *, tells_first: bool) -> None:
        with self._changed:
            self._user, self._password, self._tells_first = user, password, tells_first
        self.forget()

    def forget(self) -> None:
        """What proxies said of the password counts no longer."""
        with self._changed:
            self._own, self._trials, self._accepted, self._refused = {}, {}, set(), {}
            self._changed.notify_all()

    def keep_own(self, proxy: str, user: str, password: Secret) -> None:
        """Take what the environment says of one proxy."""
        with self._changed:
            self._own[proxy] = user, password

    def has_password(self, proxy: str) -> bool:
        return self._known(proxy) is not None

    def was_refused(self, proxy: str) -> bool:
        with self._changed:
            return self._is_refused(proxy)

    def told_now(self, proxy: str) -> str | None:
        """The header to send unasked: where that is wished, or the password was accepted before."""
        with self._changed:
            may = (self._tells_first or proxy in self._accepted) and not self._is_refused(proxy)
        return self._header(proxy) if may else None

    def told_when_asked(self, proxy: str, offered: tuple[str, ...]) -> str | None:
        """The header to send after a proxy has asked; None where sending it is of no use.

        Blocks while another request tries the password at this proxy. Whoever gets the header calls `accepted` or
        `refused`, and `end_trial` in the end.
        """
        if "basic" not in {each.lower() for each in offered} or self._known(proxy) is None:
            return None
        with self._changed:
            while not self._is_refused(proxy) and proxy not in self._accepted and proxy in self._trials:
                left = self._trials[proxy] + _TRIAL_S - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            if self._is_refused(proxy):
                return None
            self._trials[proxy] = time.monotonic()
        return self._header(proxy)

    def accepted(self, proxy: str) -> None:
        """The proxy has let a request through that told the password."""
        with self._changed:
            self._accepted.add(proxy)
            self._changed.notify_all()

    def refused(self, proxy: str) -> None:
        """The proxy has asked again, though it was told."""
        with self._changed:
            self._accepted.discard(proxy)
            self._refused[proxy] = time.monotonic()
            self._changed.notify_all()

    def end_trial(self, proxy: str) -> None:
        """Let others try, if nobody knows yet what the proxy thinks of it."""
        with self._changed:
            self._trials.pop(proxy, None)
            self._changed.notify_all()

    def _is_refused(self, proxy: str) -> bool:
        return time.monotonic() - self._refused.get(proxy, -_REFUSED_KEPT_S) < _REFUSED_KEPT_S

    def _known(self, proxy: str) -> tuple[str, Secret] | None:
        if self._user and self._password is not None:
            return self._user, self._password
        return self._own.get(proxy)

    def _header(self, proxy: str) -> str | None:
        known = self._known(proxy)
        if known is None:
            return None
        user, password = known
        return "Basic " + base64.b64encode(f"{user}:{password.reveal()}".encode()).decode()
