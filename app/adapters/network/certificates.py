"""The certificate that the other end shows, and what is wrong with it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from app.adapters.network.heard import now
from app.domain.line_trouble import CLOCK_SLACK_S, LineTrouble, Trouble
from app.neutral_text import one_line

_LONGEST_NAME = 80
_NAMES = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME)
_EXPIRED, _NOT_YET = 10, 9
_OTHER_NAME = frozenset({62, 64})
"""OpenSSL's numbers, where it is OpenSSL that verifies."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in a certificate: plain texts that prove nothing."""

    issuer: str
    names: tuple[str, ...]
    begins: datetime
    ends: datetime


def read_shown(der: bytes) -> Shown | None:
    try:
        certificate = x509.load_der_x509_certificate(der)
        return Shown(
            _name(certificate.issuer),
            _names_of(certificate),
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
        )
    except ValueError:
        return None


def reading_context() -> ssl.SSLContext:
    """For looking at a certificate that was not accepted. Nothing is ever sent over a connection made with it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def certificate_trouble(
    host: str, server_name: str, shown: Shown | None, error: ssl.SSLError | None, ahead_s: float | None, proxy: str = ""
) -> LineTrouble:
    """Why a certificate was not accepted."""
    code = getattr(error, "verify_code", 0) or 0
    said = one_line(str(error)) if error is not None else ""
    here = now()
    fields: dict[str, Any] = {"proxy": proxy, "said": said}
    if shown is not None:
        fields |= {"issuer": shown.issuer, "shown_for": shown.names}
    is_over = code == _EXPIRED or (shown is not None and here > shown.ends)
    is_early = code == _NOT_YET or (shown is not None and here < shown.begins)
    if is_over or is_early:
        if ahead_s is not None and abs(ahead_s) > CLOCK_SLACK_S and _would_do(shown, here, ahead_s):
            return LineTrouble(Trouble.CLOCK_WRONG, host, ahead_s=ahead_s, **fields)
        kind = Trouble.EXPIRED if is_over else Trouble.NOT_YET_VALID
        until = None if shown is None else shown.ends if is_over else shown.begins
        return LineTrouble(kind, host, ends=until, ahead_s=ahead_s, **fields)
    if code in _OTHER_NAME or (code == 0 and shown is not None and not _is_for(shown, server_name)):
        return LineTrouble(Trouble.NAME_MISMATCH, host, **fields)
    return LineTrouble(Trouble.UNTRUSTED, host, **fields)


def _would_do(shown: Shown | None, here: datetime, ahead_s: float) -> bool:
    if shown is None:
        return True
    there = datetime.fromtimestamp(here.timestamp() - ahead_s, UTC)
    return shown.begins <= there <= shown.ends


def _is_for(shown: Shown, name: str) -> bool:
    name = name.lower()
    parent = name.partition(".")[2]
    return any(each.lower() == name or (each.startswith("*.") and each[2:].lower() == parent) for each in shown.names)


def _names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (_name(certificate.subject),)
    found = [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]
    return tuple(_plain(each) for each in found)


def _name(name: x509.Name) -> str:
    for oid in _NAMES:
        found = name.get_attributes_for_oid(oid)
        if found:
            return _plain(str(found[0].value))
    return _plain(name.rfc4514_string())


def _plain(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
