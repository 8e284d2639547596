"""Readers of files of recorded traffic: one value per exchange, whatever file holds it.

Three kinds of file are read: test-framework sessions (`Entries`, JSON, often with a byte-order mark, some with stray
`//` lines), VCR cassettes (`interactions`, YAML or JSON, absolute addresses) and hand-made transcripts (`entries`).
A body may be text, bytes or ready-made JSON, packed with gzip, or written in base64.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import groupby, pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import yaml

MANAGEMENT_HOST = "management.azure.com"
SUFFIXES = (".json", ".yaml", ".yml")

_GZIP = b"\x1f\x8b"
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{16,}={0,2}\s*\Z")


# The C reader is ten times quicker; a build of PyYAML without libyaml has only the other one.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads the marks that Python 2 left in old cassettes as what they are, plain text."""


for _tag in ("unicode", "str"):
    _Loader.add_constructor(f"tag:yaml.org,2002:python/{_tag}", lambda loader, node: loader.construct_scalar(node))


class NotASession(ValueError):
    """The file holds no recorded traffic; the message says why."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded request and its answer.

    Header names are lower case; a header given several times keeps its last value. Bodies are decoded JSON where they
    are JSON, None where they are empty, and text otherwise.
    """

    session: str
    """The file's path below the folder it was found in."""
    index: int
    method: str
    host: str
    path: str
    query: Mapping[str, str]
    request_body: Any
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)

    @property
    def label(self) -> str:
        return f"{self.session}#{self.index}"

    @property
    def year(self) -> int:
        """The year of the traffic, as the folders tell it; the transcripts are of 2021."""
        folder = self.session.split("/", 1)[0]
        return int(folder[-4:]) if folder[-4:].isdigit() else 2021


@dataclass(frozen=True, slots=True)
class Session:
    """A file's exchanges in order, and what was said about the entries that could not be read."""

    name: str
    exchanges: tuple[Exchange, ...]
    unreadable: Mapping[int, str]


def parse_session(name: str, content: bytes) -> tuple[Exchange, ...]:
    """The exchanges of a file that is known to be sound.

    Raises:
        NotASession: the file or one of its entries cannot be read.
    """
    session = read_session_file(name, content)
    if session.unreadable:
        raise NotASession("; ".join(f"entry {index}: {why}" for index, why in session.unreadable.items()))
    return session.exchanges


def read_session_file(name: str, content: bytes) -> Session:
    """All exchanges that can be read; one bad entry costs itself only.

    Raises:
        NotASession: the file as a whole is no session.
    """
    document = _document(content)
    entries = next(
        (
            (key, document[key])
            for key in ("Entries", "interactions", "entries")
            if isinstance(document, Mapping) and isinstance(document.get(key), list)
        ),
        None,
    )
    if entries is None:
        raise NotASession("it has neither Entries nor interactions")
    exchanges: list[Exchange] = []
    unreadable: dict[int, str] = {}
    for index, entry in enumerate(entries[1]):
        try:
            exchanges.append(_READERS[entries[0]](name, index, entry))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            unreadable[index] = f"{type(error).__name__}: {error}"
    return Session(name, tuple(exchanges), unreadable)


def _document(content: bytes) -> Any:
    try:
        text = _text(_unpacked(content))
    except (UnicodeDecodeError, OSError, EOFError, zlib.error) as error:
        raise NotASession(f"it is no text: {error}") from None
    try:
        if text.lstrip()[:1] in ("{", "["):
            return json.loads("\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//")))
        return yaml.load(text, Loader=_Loader)  # the loader builds plain values only
    except RecursionError:
        raise NotASession("it is nested too deeply") from None
    except (ValueError, yaml.YAMLError) as error:
        raise NotASession(f"it is neither JSON nor YAML: {_first_line(error)}") from None


def _from_framework(name: str, index: int, entry: Mapping[str, Any]) -> Exchange:
    return _exchange(
        name,
        index,
        entry["RequestMethod"],
        entry["RequestUri"],
        entry.get("RequestBody"),
        entry["StatusCode"],
        entry.get("ResponseHeaders"),
        entry.get("ResponseBody"),
    )


def _from_cassette(name: str, index: int, entry: Mapping[str, Any]) -> Exchange:
    request, response = entry["request"], entry["response"]
    status = response["status"]
    return _exchange(
        name,
        index,
        request["method"],
        request["uri"],
        _held(request.get("body")),
        status["code"] if isinstance(status, Mapping) else status,
        response.get("headers"),
        _held(response.get("body")),
    )


def _from_transcript(name: str, index: int, entry: Mapping[str, Any]) -> Exchange:
    request, response = entry["request"], entry["response"]
    return _exchange(
        name,
        index,
        request["method"],
        request["path"],
        request.get("body"),
        response["status"],
        response.get("headers"),
        response.get("body"),
    )


_READERS = {"Entries": _from_framework, "interactions": _from_cassette, "entries": _from_transcript}


def _held(body: Any) -> Any:
    """A cassette's body stands in a small mapping, or by itself in old ones."""
    if isinstance(body, Mapping) and set(body) <= {"string", "base64_string", "encoding"}:
        packed = body.get("base64_string")
        return base64.b64decode(packed) if packed else body.get("string")
    return body


def _exchange(
    session: str,
    index: int,
    method: Any,
    address: Any,
    request_body: Any,
    status: Any,
    headers: Any,
    body: Any,
) -> Exchange:
    if not (isinstance(method, str) and isinstance(address, str) and address):
        raise ValueError("it has no method or no address")
    # A session writes paths only, two of them with a doubled slash, which would read as a host.
    parts = urlsplit(address if "://" in address else f"https://{MANAGEMENT_HOST}/{address.lstrip('/')}")
    return Exchange(
        session=session,
        index=index,
        method=method.upper(),
        host=parts.netloc,
        path=parts.path,
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        request_body=decoded_body(request_body),
        status=int(status),
        headers=dict(_fields(headers)),
        body=decoded_body(body),
    )


def _fields(headers: Any) -> Iterator[tuple[str, str]]:
    pairs = headers.items() if isinstance(headers, Mapping) else (headers or ())
    for name, value in pairs:
        last = value[-1] if isinstance(value, list) and value else value
        if not isinstance(last, list):
            yield str(name).lower(), _text(last) if isinstance(last, bytes) else str(last)


def decoded_body(body: Any) -> Any:
    """What a recorded body says: JSON as values, an empty one as None, anything else as text."""
    if isinstance(body, bytes):
        try:
            body = _text(_unpacked(body))
        except (UnicodeDecodeError, OSError, EOFError, zlib.error):
            return body.decode("latin-1")
    if not isinstance(body, str):
        return body
    text = body.lstrip("\ufeff").strip()
    if not text:
        return None
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return _from_base64(text) if _BASE64.match(text) else body
    return decoded_body(value) if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") else value


def _from_base64(text: str) -> Any:
    """What base64 hides, if that is JSON or packed; else the text itself, which is then a token of some kind."""
    try:
        content = _unpacked(base64.b64decode(text, validate=False))
        hidden = _text(content)
        return json.loads(hidden)
    except (ValueError, binascii.Error, OSError, EOFError, zlib.error):
        return text


def _unpacked(content: bytes) -> bytes:
    return gzip.decompress(content) if content.startswith(_GZIP) else content


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def in_order_of_time(exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """The exchanges as they took place.

    The test frameworks of 2017 write all requests to one address behind the first of them, whatever came in between.
    In such a session a repeated request is moved behind what was answered in an earlier second, and behind a write of
    its own second when its answer is another than before; everything else keeps its place.
    """
    exchanges = tuple(exchanges)
    groups = [list(group) for _, group in groupby(exchanges, key=_request)]
    if len({_request(group[0]) for group in groups}) < len(groups):
        return exchanges  # an address comes back later, so nothing was put together
    ordered = [group[0] for group in groups]
    for group in groups:
        for before, exchange in pairwise(group):
            at = _answered_at(exchange)
            place = max(i for i, other in enumerate(ordered) if _request(other) == _request(exchange))
            for later in range(place + 1, len(ordered) if at else 0):
                then = _answered_at(ordered[later])
                is_changed = ordered[later].method != "GET" and exchange.body != before.body
                if then is not None and (then < at or (then == at and is_changed)):
                    place = later
            ordered.insert(place + 1, exchange)
    return tuple(ordered)


def _request(exchange: Exchange) -> tuple[str, str, str]:
    return exchange.method, exchange.path.lower(), json.dumps(dict(exchange.query), sort_keys=True)


def _answered_at(exchange: Exchange) -> datetime | None:
    try:
        return parsedate_to_datetime(exchange.headers["date"])
    except (KeyError, ValueError, TypeError):
        return None
