"""A secret store that forgets everything when the program ends."""

from __future__ import annotations

from app.ports.secrets import Secret


class MemoryStore:
    """Implements app.ports.secrets.SecretStore."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    @property
    def where(self) -> str:
        return "memory, until the program ends"

    async def get(self, name: str) -> Secret | None:
        return self._secrets.get(name)

    async def put(self, name: str, secret: Secret) -> None:
        self._secrets[name] = secret

    async def forget(self, name: str) -> None:
        self._secrets.pop(name, None)
