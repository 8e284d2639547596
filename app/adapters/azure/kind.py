"""A kind of thing that Azure hands out: its record on the wire and the domain value made of it.

There is one mapping per kind; lists and single reads share it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")
RecordT = TypeVar("RecordT")


class Kind(Generic[T]):
    """How one kind is read; `name` says in the singular what it is, for messages."""

    def __init__(self, name: str, record: type[RecordT], to_domain: Callable[[RecordT], T]) -> None:
        self.name = name
        decoder = msgspec.json.Decoder(record, strict=False)

        def decode(content: bytes | msgspec.Raw) -> T:
            return to_domain(decoder.decode(content))

        self.decode: Callable[[bytes | msgspec.Raw], T] = decode
        """Raises msgspec.DecodeError or ValueError when the content is not of this kind."""
