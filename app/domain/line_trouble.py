"""What keeps this computer from an address: each kind once, with its sentence and its remedy.

Whoever meets it, a call that fails or the connection check, says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    NAME_NOT_FOUND = "NameNotFound"
    REFUSED = "Refused"
    TIMED_OUT = "LineTimedOut"
    RESET = "LineReset"
    NO_ANSWER = "NoAnswer"
    PROXY_NOT_FOUND = "ProxyNotFound"
    PROXY_REFUSED = "ProxyRefused"
    PROXY_TIMED_OUT = "ProxyTimedOut"
    PROXY_RESET = "ProxyReset"
    PROXY_WANTS_PASSWORD = "ProxyWantsPassword"
    PROXY_PASSWORD_WRONG = "ProxyPasswordWrong"
    PROXY_SPEAKS_OTHERWISE = "ProxyAuthentication"
    PROXY_FORBIDS = "ProxyForbids"
    PROXY_CANNOT_REACH = "ProxyCannotReach"
    PROXY_UNUSABLE = "ProxyUnusable"
    UNTRUSTED = "Untrusted"
    PROXY_UNTRUSTED = "ProxyUntrusted"
    NAME_MISMATCH = "CertificateName"
    EXPIRED = "CertificateExpired"
    NOT_YET_VALID = "CertificateNotYetValid"
    CLOCK_WRONG = "ClockWrong"
    TLS_FAILED = "TlsFailed"
    BLOCKED = "Blocked"
    PORTAL = "CaptivePortal"
    WEB_PAGE = "WebPage"
    CA_FILE = "CaFile"


PASSING = frozenset(
    {
        Trouble.NAME_NOT_FOUND,
        Trouble.REFUSED,
        Trouble.TIMED_OUT,
        Trouble.RESET,
        Trouble.NO_ANSWER,
        Trouble.PROXY_NOT_FOUND,
        Trouble.PROXY_REFUSED,
        Trouble.PROXY_TIMED_OUT,
        Trouble.PROXY_RESET,
        Trouble.PROXY_CANNOT_REACH,
        Trouble.WEB_PAGE,
    }
)
"""What may be gone when the same is tried again."""

CLOCK_SLACK_S = 300.0
"""Tokens and certificates bear a difference of some minutes."""


@dataclass(frozen=True, slots=True)
class LineTrouble:
    """One trouble, with what its sentence needs.

    Attributes:
        host: whom it was about; with the port where that is not the usual one.
        proxy: the proxy that was used, as `name:port`; empty where none was.
        issuer, shown_for: of the certificate that was shown: who issued it, and the names it is for.
        ends: when the certificate ends, or begins where it is not yet valid.
        ahead_s: by how much this computer's clock is ahead of the service's; None where nobody knows.
        status: of the answer that was no answer of the service's.
        offered: how the proxy lets people authenticate.
        said: technical words for the details; never a secret.
        pac: why the PAC file could not be used, so that the address was tried directly.
    """

    kind: Trouble
    host: str
    proxy: str = ""
    issuer: str = ""
    shown_for: tuple[str, ...] = ()
    ends: datetime | None = None
    ahead_s: float | None = None
    status: int = 0
    offered: tuple[str, ...] = ()
    said: str = ""
    pac: str = ""

    @property
    def is_passing(self) -> bool:
        return self.kind in PASSING

    @property
    def cause(self) -> str:
        """What is wrong, as the second half of a sentence."""
        return _cause(self)

    @property
    def sentence(self) -> str:
        """The same as a sentence of its own; a host’s name keeps its letters."""
        cause = self.cause
        begins = cause if self.host and cause.startswith(self.host) else f"{cause[0].upper()}{cause[1:]}"
        return f"{begins}."

    @property
    def remedy(self) -> str:
        """What to do now, and by whom."""
        note = f" The PAC file was not used: {self.pac}." if self.pac else ""
        return f"{_remedy(self)}{note}"


_LET_THROUGH = "Ask the network team to let it through; the connection check has a text for them."
_CHECK_PROXY = (
    "Check the proxy’s name and port in the network settings, and that this computer is in the company’s network."
)
_CA_AS_FILE = "for the CA’s certificate as a file, and choose it in the network settings"
_RENEW = "This computer’s clock is right. Tell the network team: whoever shows this certificate has to renew it."

_WORDS: dict[Trouble, tuple[str, str]] = {
    Trouble.NAME_NOT_FOUND: (
        "the name {host} is not found",
        "Check that this computer is in the network. Where only a proxy knows names of the Internet, set that proxy in "
        "the network settings.",
    ),
    Trouble.REFUSED: (
        "{host} refuses the connection",
        f"A firewall may stand in between. {_LET_THROUGH} If there is a proxy, set it in the network settings.",
    ),
    Trouble.TIMED_OUT: (
        "{host} does not answer in time",
        f"A firewall may stand in between. {_LET_THROUGH} If there is a proxy, set it in the network settings.",
    ),
    Trouble.RESET: (
        "the connection to {host} was cut off",
        f"Try again. If it goes on, a firewall cuts it off. {_LET_THROUGH}",
    ),
    Trouble.NO_ANSWER: ("there is no answer from {host}", "Check the network and the proxy, then try again."),
    Trouble.PROXY_NOT_FOUND: ("the name of {proxy} is not found", _CHECK_PROXY),
    Trouble.PROXY_REFUSED: ("{proxy} refuses the connection", _CHECK_PROXY),
    Trouble.PROXY_TIMED_OUT: ("{proxy} does not answer in time", _CHECK_PROXY),
    Trouble.PROXY_RESET: ("{proxy} cut the connection off", _CHECK_PROXY),
    Trouble.PROXY_WANTS_PASSWORD: (
        "{proxy} asks for a password",
        "Give user name and password in the network settings, or ask for an exception for this computer.",
    ),
    Trouble.PROXY_PASSWORD_WRONG: (
        "{proxy} does not accept the user name or the password",
        "Type them again in the network settings. Each wrong try counts: some companies lock the account after a few.",
    ),
    Trouble.PROXY_SPEAKS_OTHERWISE: (
        "{proxy} lets people in by {offered} only, which this program cannot do",
        "Ask the network team for a port of the proxy that takes Basic, or for an exception for these addresses; or "
        "run a helper on this computer that signs in to the proxy, such as Px, and set that as the proxy.",
    ),
    Trouble.PROXY_FORBIDS: ("{proxy} does not let {host} through{status}", _LET_THROUGH),
    Trouble.PROXY_CANNOT_REACH: (
        "{proxy} cannot reach {host}{status}",
        f"Try again in a moment. If it goes on, a firewall stands behind the proxy. {_LET_THROUGH}",
    ),
    Trouble.PROXY_UNUSABLE: (
        "{proxy} cannot be used for {host}",
        "Set a proxy by HTTP in the network settings; SOCKS and FTP proxies cannot be used.",
    ),
    Trouble.UNTRUSTED: (
        "{host} shows a certificate by {issuer}, which this computer does not trust",
        "If that name is your company’s, its network looks into encrypted traffic: ask the network team to leave this "
        f"address out, or {_CA_AS_FILE}. If nobody knows the name, do not go on.",
    ),
    Trouble.PROXY_UNTRUSTED: (
        "{proxy} shows a certificate by {issuer}, which this computer does not trust",
        f"Ask the network team {_CA_AS_FILE}.",
    ),
    Trouble.NAME_MISMATCH: (
        "{host} shows a certificate for {names}",
        "Something in between answers in its place, or the name is wrong. Check the address, then ask the network "
        "team.",
    ),
    Trouble.EXPIRED: ("the certificate of {host} has ended{on}", _RENEW),
    Trouble.NOT_YET_VALID: ("the certificate of {host} is valid{on} only", _RENEW),
    Trouble.CLOCK_WRONG: (
        "this computer’s clock is {clock}",
        "Set date, time and time zone right, then try again. Signing in and encrypted connections need it.",
    ),
    Trouble.TLS_FAILED: (
        "no encrypted connection to {host} could be made",
        "Something in between may not pass TLS 1.2. Ask the network team to leave this address out of inspection.",
    ),
    Trouble.BLOCKED: ("a filter blocks {host}: a web page came in place of its answer{status}", _LET_THROUGH),
    Trouble.PORTAL: (
        "the network wants you to sign in first: its page came in place of {host}",
        "Open a browser, sign in to the network there, then try again.",
    ),
    Trouble.WEB_PAGE: (
        "something in between answered in place of {host}{status}",
        "Try again in a moment. If it goes on, let this computer reach the address, or set the proxy.",
    ),
    Trouble.CA_FILE: (
        "the CA file {host} cannot be used",
        "Choose the file again where it is set, in the network settings or at the connection, or take it out there.",
    ),
}
_COMPARE_CLOCKS = (
    "Compare this computer’s date and time with another clock; if they are right, tell the network team that this "
    "certificate has to be renewed."
)


def _cause(it: LineTrouble) -> str:
    date = f"{it.ends:%Y-%m-%d}" if it.ends is not None else ""
    on = f" {'on' if it.kind is Trouble.EXPIRED else 'from'} {date}" if date else ""
    return _WORDS[it.kind][0].format(
        host=it.host or "Azure",
        proxy=f"the proxy {it.proxy}" if it.proxy else "the proxy",
        status=f" (HTTP {it.status})" if it.status else "",
        issuer=f"“{it.issuer}”" if it.issuer else "an issuer that gives no name",
        names=_all_of(it.shown_for[:3]) or "another name",
        offered=_all_of(it.offered),
        on=on or (" later" if it.kind is Trouble.NOT_YET_VALID else ""),
        clock=clock_words(it.ahead_s or 0.0),
    )


def _remedy(it: LineTrouble) -> str:
    if it.kind in (Trouble.EXPIRED, Trouble.NOT_YET_VALID) and it.ahead_s is None:
        return _COMPARE_CLOCKS
    return _WORDS[it.kind][1]


def clock_words(ahead_s: float) -> str:
    """By how much, and which way: `3 days behind`."""
    size = abs(ahead_s)
    direction = "ahead" if ahead_s > 0 else "behind"
    for unit, name in ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if size >= unit * 1.5 or (size >= unit and unit < 86400.0):
            count = round(size / unit)
            return f"{count} {name}{'' if count == 1 else 's'} {direction}"
    return f"{size:.0f} seconds {direction}"


def _all_of(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
