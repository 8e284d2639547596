"""The program's network settings in force: kept in their file, with the proxy's password where secrets are kept.

There is one for the whole program, made before anything talks to Azure. All connections follow a change at once.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.errors import AppError, FieldProblem, InvalidInput, SecretStoreUnavailable
from app.network_settings import Authorities, BadCaFile, NetworkFile, NetworkSettings, read_authorities
from app.ports.line import Line
from app.ports.secrets import Secret, SecretStore
from app.runtime.kept_file import Aside

PASSWORD = "proxy password"
"""The name of the one secret."""


class Network:
    """Make it, then `load` it once.

    Attributes:
        line: what all transports ask; the adapters know its real kind.
        settings: those in force.
        has_password: whether a password for the proxy is known.
    """

    def __init__(self, file: NetworkFile, store: SecretStore, memory: SecretStore, line: Line) -> None:
        """`memory` takes the password where the system has no store for secrets."""
        self._file = file
        self._store = store
        self._memory = memory
        self.line = line
        self.settings = NetworkSettings()
        self.has_password = False
        self._keeper: SecretStore = store
        self._is_kept = True

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What could not be used of the file, and was set aside."""
        return self._file.asides

    @property
    def password_place(self) -> str:
        """Where the password is kept, as a sentence; empty where there is none."""
        if not self.has_password:
            return ""
        if self._is_kept:
            return f"The password is kept in {self._keeper.where}."
        return "This computer has no store for secrets: the password stays in memory, until the program ends."

    async def load(self) -> NetworkSettings:
        """Read what was saved, and let every call follow it. Never fails: what cannot be read takes its default."""
        settings = await asyncio.to_thread(self._file.load)
        password = None
        if settings.user:
            try:
                password = await self._store.get(PASSWORD)
            except SecretStoreUnavailable:
                password = await self._memory.get(PASSWORD)
        self._put(settings, password)
        return settings

    async def change(self, settings: NetworkSettings, password: Secret | None = None) -> None:
        """Save and follow these from now on.

        Args:
            password: takes the place of the kept one; without it that one stays, as long as the user is the same.

        Raises:
            AppError: they cannot be saved; the earlier ones go on.
        """
        try:
            await asyncio.to_thread(self._file.save, settings)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            advice = "Free some space, or give yourself the right to write there, then save again."
            raise AppError("NetworkNotSaved", f"The network settings can’t be saved: {reason}.", advice) from error
        is_other = settings.user != self.settings.user
        if not settings.user or (is_other and password is None):
            await self._forget()
            known = None
        elif password is not None:
            await self._keep(password)
            known = password
        else:
            known = await self._keeper.get(PASSWORD) if self.has_password else None
        self._put(settings, known)

    async def authorities(self, file: Path) -> Authorities:
        """What a CA file holds.

        Raises:
            InvalidInput: it cannot be used; the problem's text stands at the field `ca`.
        """
        try:
            return await asyncio.to_thread(read_authorities, file)
        except BadCaFile as error:
            problems = (FieldProblem("ca", str(error)),)
            raise InvalidInput("CaFile", "The CA file cannot be used", str(error), problems=problems) from error

    def _put(self, settings: NetworkSettings, password: Secret | None) -> None:
        self.settings = settings
        self.has_password = password is not None
        self.line.use(settings, password)

    async def _keep(self, password: Secret) -> None:
        try:
            await self._store.put(PASSWORD, password)
            self._keeper, self._is_kept = self._store, self._store is not self._memory
        except SecretStoreUnavailable:
            await self._memory.put(PASSWORD, password)
            self._keeper, self._is_kept = self._memory, False

    async def _forget(self) -> None:
        await self._memory.forget(PASSWORD)
        try:
            await self._store.forget(PASSWORD)
        except SecretStoreUnavailable:
            """Then nothing is kept there."""
