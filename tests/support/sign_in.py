"""Places to keep what a sign-in needs, in a folder of the test: a store for secrets, and an encrypted token cache."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msal_extensions
import pytest
from msal_extensions.persistence import PersistenceNotFound

from app.errors import SecretStoreUnavailable
from app.ports.secrets import Secret


class SmallStore:
    """Implements app.ports.secrets.SecretStore, and lasts as long as the test."""

    where = "the test's keyring"

    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    async def get(self, name: str) -> Secret | None:
        return Secret(self.held[name]) if name in self.held else None

    async def put(self, name: str, secret: Secret) -> None:
        self.held[name] = secret.reveal()

    async def forget(self, name: str) -> None:
        self.held.pop(name, None)


class NoStore:
    """A system that has none."""

    where = "nowhere"

    async def get(self, name: str) -> Secret | None:
        raise SecretStoreUnavailable("NoKeyringError", "none")

    async def put(self, name: str, secret: Secret) -> None:
        raise SecretStoreUnavailable("NoKeyringError", "none")

    async def forget(self, name: str) -> None:
        raise SecretStoreUnavailable("NoKeyringError", "none")


_LOCK = 0x5A


class SealedFile:
    """Stands in for the Secret Service: what it keeps cannot be read as text, and is gone when cleared."""

    is_encrypted = True

    def __init__(self, signal_location: str, *names: Any, **options: Any) -> None:
        self._signal = Path(signal_location)
        self._sealed = self._signal.with_name(self._signal.name + ".sealed")
        self._agent = self

    def save(self, content: str) -> None:
        self._signal.parent.mkdir(parents=True, exist_ok=True)
        self._sealed.write_bytes(bytes(byte ^ _LOCK for byte in content.encode()))
        self._signal.touch()

    def load(self) -> str:
        if not self._sealed.exists():
            raise PersistenceNotFound(message="nothing yet")
        return bytes(byte ^ _LOCK for byte in self._sealed.read_bytes()).decode()

    def clear(self) -> bool:
        self._sealed.unlink(missing_ok=True)
        return True

    def time_last_modified(self) -> float:
        if not self._signal.exists():
            raise PersistenceNotFound(message="nothing yet")
        return self._signal.stat().st_mtime_ns

    def get_location(self) -> str:
        return str(self._signal)


def use_home(monkeypatch: pytest.MonkeyPatch, home: Path, *, can_encrypt: bool) -> None:
    """Let tokens be kept below `home`, if at all."""
    home.mkdir(parents=True, exist_ok=True)
    for variable in ("HOME", "USERPROFILE", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(home))
    name = {"win32": "FilePersistenceWithDataProtection", "darwin": "KeychainPersistence"}.get(
        sys.platform, "LibsecretPersistence"
    )
    monkeypatch.setattr(msal_extensions, name, SealedFile if can_encrypt else _cannot)


def _cannot(*arguments: Any, **options: Any) -> None:
    raise ValueError("no encryption here")


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def bytes_below(folder: Path) -> bytes:
    """Everything that any file there holds, and what it would be unsealed."""
    raw = b"\n".join(path.read_bytes() for path in files_below(folder))
    return raw + b"\n" + bytes(byte ^ _LOCK for byte in raw)
