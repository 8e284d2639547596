"""What travels through the door: a request, a response."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


class AnyCase(dict[str, Any]):
    """A JSON object whose keys are found whatever their case, as the service finds them; it keeps them as sent."""

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(self._as_sent(name))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(self._as_sent(name))

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(self._as_sent(name), default)

    def _as_sent(self, name: str) -> str:
        if super().__contains__(name):
            return name
        return next((key for key in self if key.lower() == name.lower()), name)


def in_any_case(value: Any) -> Any:
    """The same JSON with all of its objects so."""
    if isinstance(value, dict):
        return AnyCase({key: in_any_case(inner) for key, inner in value.items()})
    return [in_any_case(inner) for inner in value] if isinstance(value, list) else value


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
