"""What travels through the door: a request, a response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


class Headers(dict[str, str]):
    """Header fields; names are compared without regard to case."""

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        super().__init__({name.lower(): value for name, value in (fields or {}).items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        """The field's value, or `default` (an empty text, never None)."""
        return super().get(name.lower(), default)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    Attributes:
        url: absolute, or path and query with the host in the `Host` header.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=Headers)
    body: bytes = b""


@dataclass(slots=True)
class Response:
    """One HTTP response. A long list's body is an iterator of chunks, each made in well under a millisecond or two.

    Attributes:
        delay_s: how long the line takes to bring it, in real seconds.
        lost: `request` when it never reached Azure, `answer` when only the answer was lost; the door that serves it
            then gives none.
        breaks_off: the connection ends after the body that is there, which is shorter than its Content-Length says.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Iterator[bytes] = b""
    delay_s: float = 0.0
    lost: str = ""
    breaks_off: bool = False

    def read(self) -> bytes:
        """The whole body; use it where holding the loop does not matter."""
        if not isinstance(self.body, bytes):
            self.body = b"".join(self.body)
        return self.body
