"""Where short secrets are kept."""

from __future__ import annotations

from typing import Protocol

# Every secret this process has held, for the log to leave out. It outlives the values: a text that was once secret may
# still stand in a traceback. Shorter ones are ordinary words, and leaving those out would make logs unreadable.
_known_texts: set[str] = set()
_SHORTEST_KNOWN = 8


def known_secret_texts() -> frozenset[str]:
    """What must never be written down, whatever asks for it."""
    return frozenset(_known_texts)


class Secret:
    """A secret text; its repr and str never show it. `reveal` is the one way to read it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        if len(text) >= _SHORTEST_KNOWN:
            _known_texts.add(text)

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


class SecretStore(Protocol):
    """Raises SecretStoreUnavailable when the system has none or it stays locked."""

    @property
    def where(self) -> str:
        """In words for the user, such as `Windows Credential Manager` or `memory, until the program ends`."""
        ...

    async def get(self, name: str) -> Secret | None: ...
    async def put(self, name: str, secret: Secret) -> None: ...
    async def forget(self, name: str) -> None: ...
