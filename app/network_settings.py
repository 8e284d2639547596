"""How this program gets out of a company's network: proxy, PAC file, exceptions, and one more authority to trust.

One choice for the whole program. The proxy's password is no setting: it is a secret, kept where secrets are
(`app.services.network`), and no text here may hold one.
"""

from __future__ import annotations

import logging
import re
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.runtime.kept_file import Aside, Content, FileKind, KeptFile

_log = logging.getLogger(__name__)

LOCAL = "<local>"
"""As Windows writes it: every name without a dot."""

_HOST = re.compile(r"(?=.{1,253}\.?$)(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?", re.IGNORECASE)
_EXCEPTION = re.compile(r"(\*|\.|\*\.)?[a-z0-9_-]+(\.[a-z0-9_*-]+)*\.?(:\d{1,5})?", re.IGNORECASE)


class ProxyMode(StrEnum):
    SYSTEM = "system"
    """As the environment and the system say, with their PAC file."""
    PAC = "pac"
    FIXED = "fixed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What is saved.

    Attributes:
        pac: the address of a PAC file, or its path.
        proxy: a name or an address; `https://` before it where the proxy itself is reached by TLS.
        exceptions: what is reached without the fixed proxy: names, `*.contoso.com`, `10.0.0.0/8`, `<local>`.
        user: whom the proxy knows; empty where it asks nobody.
        tells_first: send name and password before the proxy has asked.
        ca: a file with one more authority to trust.
    """

    mode: ProxyMode = ProxyMode.SYSTEM
    pac: str = ""
    proxy: str = ""
    port: int = 8080
    exceptions: tuple[str, ...] = (LOCAL,)
    user: str = ""
    tells_first: bool = False
    ca: Path | None = None

    @property
    def proxy_url(self) -> str:
        """The fixed proxy as one address."""
        parts = urlsplit(self.proxy if "://" in self.proxy else f"http://{bracketed(self.proxy)}")
        return f"{parts.scheme.lower()}://{bracketed(parts.hostname or '')}:{self.port}"


KIND = FileKind("site-recovery-desk/network")


class NetworkFile:
    """The saved settings. Two programs that change different ones keep each other's."""

    def __init__(self, file: Path) -> None:
        self._file = KeptFile(file, KIND)

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What could not be used, and was set aside."""
        return tuple(self._file.asides)

    def load(self) -> NetworkSettings:
        """What is missing or cannot be used takes its default, and is logged without its value."""
        return _accepted(self._file.read())

    def save(self, settings: NetworkSettings) -> NetworkSettings:
        """
        Raises:
            OSError: it cannot be written.
        """
        content = _content(settings)
        self._file.change(lambda before: before | content)
        return settings


def _content(settings: NetworkSettings) -> Content:
    fields: dict[str, Any] = asdict(settings)
    return fields | {
        "mode": settings.mode.value,
        "exceptions": list(settings.exceptions),
        "ca": str(settings.ca) if settings.ca is not None else "",
    }


def _accepted(content: Content) -> NetworkSettings:
    settings = NetworkSettings()
    for name in ("mode", "pac", "proxy", "port", "exceptions", "user", "tells_first", "ca"):
        if name in content:
            try:
                settings = replace(settings, **{name: _field(name, content[name])})
            except (ValueError, TypeError):
                _log.warning("The network setting %s cannot be used; its default applies", name)
    return settings


def _field(name: str, value: Any) -> Any:
    if name == "mode":
        return ProxyMode(value)
    if name == "exceptions":
        listed = [str(each) for each in value]
        _refuse_if(not isinstance(value, list) or check_exceptions(", ".join(listed)) is not None)
        return tuple(listed)
    if name == "port":
        _refuse_if(type(value) is not int or check_port(str(value)) is not None)
        return value
    if name == "tells_first":
        _refuse_if(type(value) is not bool)
        return value
    _refuse_if(not isinstance(value, str))
    if name == "ca":
        return Path(value) if value else None
    check = {"pac": check_pac, "proxy": check_proxy, "user": check_user}[name]
    _refuse_if(bool(value) and check(value) is not None)
    return value


def _refuse_if(is_wrong: bool) -> None:
    if is_wrong:
        raise ValueError


# What may stand in a field. Each says what to type instead, or None where the text will do.


def check_pac(text: str) -> str | None:
    """The address of a PAC file."""
    text = text.strip()
    if not text:
        return "Type the address of the PAC file, such as http://proxy.contoso.com/proxy.pac."
    if "://" not in text and Path(text).is_absolute():
        return None
    try:
        parts = urlsplit(text)
        has_secret = parts.username is not None or parts.password is not None
        is_far = parts.scheme in ("http", "https") and bool(parts.hostname) and _is_port(parts.port)
    except ValueError:
        return "Type the port as a number from 1 to 65535."
    if has_secret:
        return "Leave user name and password out of the address."
    if is_far or (parts.scheme == "file" and parts.path):
        return None
    return "Begin with http:// or https://, or give the full path of a file."


def check_proxy(text: str) -> str | None:
    """A proxy's name, without its port."""
    text = text.strip()
    if not text:
        return "Type the proxy’s name, such as proxy.contoso.com."
    if is_address(text.strip("[]")):
        return None
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "Type the port into the field beside it."
    if parts.scheme not in ("http", "https"):
        return "Only proxies by HTTP can be used: leave out what stands before ://, or type https://."
    if parts.username is not None or parts.password is not None:
        return "User name and password have fields of their own."
    if port is not None:
        return f"The port has a field of its own: type {port} there."
    if parts.path.strip("/") or parts.query or parts.fragment:
        return "Type the name alone, without / and what follows it."
    if not is_address(host) and not _HOST.fullmatch(host):
        return "Type a name or an address, such as proxy.contoso.com or 10.0.0.8."
    return None


def check_port(text: str) -> str | None:
    text = text.strip()
    if text.isascii() and text.isdigit() and _is_port(int(text)):
        return None
    return "Type a number from 1 to 65535; many proxies use 8080 or 3128."


def check_exceptions(text: str) -> str | None:
    """Names that are reached without the proxy, with commas, semicolons or blanks between them."""
    for each in listed(text):
        if each == LOCAL or each == "*" or _EXCEPTION.fullmatch(each):
            continue
        try:
            ip_network(each, strict=False)
        except ValueError:
            return (
                f"“{shortened(each)}” is no exception. Type names such as *.contoso.com, or ranges such as 10.0.0.0/8."
            )
    return None


def check_user(text: str) -> str | None:
    """Basic authentication cannot tell a colon in the name from the one before the password."""
    if ":" in text:
        return "Type the name without “:”; the password has a field of its own."
    if any(ord(character) < 32 for character in text):
        return "Type the name on one line."
    return None


def listed(text: str) -> list[str]:
    """The exceptions in a text."""
    return [each for each in re.split(r"[,;\s]+", text) if each]


def shortened(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def bracketed(host: str) -> str:
    """An address of IPv6 as it stands before a port."""
    plain = host.strip("[]")
    return f"[{plain}]" if is_address(plain) and isinstance(ip_address(plain), IPv6Address) else host


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_port(port: int | None) -> bool:
    return port is None or 1 <= port <= 65535


def is_exception(exceptions: tuple[str, ...], host: str, port: int) -> bool:
    """Whether a host is reached without the fixed proxy."""
    host = host.lower().rstrip(".")
    return any(_is_meant(each.lower(), host, port) for each in exceptions)


def _is_meant(exception: str, host: str, port: int) -> bool:
    if exception in ("*", host):
        return True
    if exception == LOCAL:
        return "." not in host and ":" not in host
    if is_address(host):
        try:
            return ip_address(host) in ip_network(exception, strict=False)
        except ValueError:
            return False
    name, _, wanted_port = exception.partition(":")
    if wanted_port and wanted_port != str(port):
        return False
    if "*" not in name:  # `contoso.com` means what is below it too, as in no_proxy
        name = name.strip(".")
        return host == name or host.endswith(f".{name}")
    pattern = re.escape(name.rstrip(".")).replace(r"\*", ".*")
    return re.fullmatch(pattern, host) is not None


# The file with one more authority


@dataclass(frozen=True, slots=True)
class Authorities:
    """What a CA file holds, for the user to see: the names in it, and when the first of them ends (as in the file)."""

    names: tuple[str, ...]
    ends: str


class BadCaFile(Exception):
    """The file cannot be used; the text says why and what would be right."""


_LARGEST = 4 * 1024 * 1024


def read_authorities(file: Path) -> Authorities:
    """Read a PEM or DER file, for some milliseconds.

    Raises:
        BadCaFile: it is none, or holds no authority.
    """
    import ssl

    data = ca_data(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=data)
    except (ssl.SSLError, ValueError) as error:
        raise BadCaFile(
            f"{file.name} is no certificate. Choose a file with one or more, in PEM or DER form (.pem, .crt, .cer)."
        ) from error
    found = context.get_ca_certs()
    if not found:
        raise BadCaFile(
            f"{file.name} holds a certificate, but not of an authority. Ask for the certificate of the CA that issues "
            "the others."
        )
    ends = [str(each["notAfter"]) for each in found]
    ending = min(ends, key=ssl.cert_time_to_seconds)
    return Authorities(tuple(_name_of(each) for each in found), ending)


def ca_data(file: Path) -> str | bytes:
    """What `load_verify_locations` takes as `cadata`.

    Raises:
        BadCaFile: it cannot be read, or holds a private key.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise BadCaFile(
            f"{file.name or file} cannot be read ({reason}). Check the path, and that you may read it."
        ) from error
    if len(data) > _LARGEST:
        raise BadCaFile(f"{file.name} is larger than 4 MB. Choose the file that holds only the CA’s certificate.")
    if b"PRIVATE KEY-----" in data:
        raise BadCaFile(f"{file.name} holds a private key. Choose a file that holds only certificates.")
    if b"-----BEGIN CERTIFICATE-----" not in data:
        return data
    return data.decode("ascii", errors="ignore").replace("\r\n", "\n")


def _name_of(certificate: dict[str, Any]) -> str:
    fields = {name: str(value) for part in certificate.get("subject", ()) for name, value in part}
    return fields.get("commonName") or fields.get("organizationName") or "a CA without a name"
