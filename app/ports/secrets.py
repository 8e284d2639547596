"""Where short secrets are kept."""

from __future__ import annotations

from typing import Protocol


class Secret:
    """A secret text; its repr and str never show it. `reveal` is the one way to read it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

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
