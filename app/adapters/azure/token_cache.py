"""Where tokens of people are kept: the platform's encrypted cache, or this process's memory.

A cache of its own for each time that somebody signs in, so that the earlier one stays whole until the new one has come
about, and signing out removes them whole and leaves other programs' tokens alone.
azure-identity decides where such a cache lies: behind DPAPI on Windows, in the Keychain on macOS, in the Secret Service
on Linux, each with a file below the home folder that at most says when it changed. Plain files are never written.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from azure.identity import TokenCachePersistenceOptions

from app.errors import SecretStoreUnavailable

_LOG = logging.getLogger(__name__)
_PREFIX = "site-recovery-desk"
_SUFFIXES = (".cae", ".nocae")
_LOCK = ".lockfile"
_LOCK_IS_OLD_S = 30.0
_SCHEMA = {"MsalClientID": "Microsoft.Developer.IdentityService"}
_SERVICE = "Microsoft.Developer.IdentityService"


def new_cache_name(key: str) -> str:
    """A name for the cache of one more sign-in under this key."""
    return f"{_stem(key)}-{secrets.token_hex(4)}"


def _stem(key: str) -> str:
    return f"{_PREFIX}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def where() -> str:
    if sys.platform == "win32":
        return "a file that Windows encrypts for your account"
    return "macOS Keychain" if sys.platform == "darwin" else "the system keyring"


def can_encrypt() -> bool:
    """Whether the platform encrypts a cache for us. May wait for a person to unlock its store."""
    return encrypted_cache(f"{_PREFIX}-asked") is not None


def encrypted_cache(name: str) -> TokenCachePersistenceOptions | None:
    """Options for a cache that the platform encrypts; None where it cannot. May wait for a person to unlock it."""
    _break_old_locks(name)
    try:
        _persistence(name + _SUFFIXES[0])
    except Exception as error:  # missing libraries, no session, a locked store: each platform has its own
        _LOG.info("no encrypted token cache: %s", type(error).__name__)
        return None
    return TokenCachePersistenceOptions(name=name, allow_unencrypted_storage=False)


def forget_caches(key: str, *, but: Collection[str] = ()) -> None:
    """Remove the caches of this key with their files, those of a program that was cut off among them, except `but`.

    Raises:
        SecretStoreUnavailable: the platform does not let go of it, as while its store is locked.
    """
    files = _location("").glob(f"{_stem(key)}*")
    for name in {file.name.partition(".")[0] for file in files} - set(but):
        forget_cache(name)


def forget_cache(cache: str) -> None:
    """Remove what the cache of this name holds, and its files.

    Raises:
        SecretStoreUnavailable: the platform does not let go of it, as while its store is locked.
    """
    for suffix in _SUFFIXES:
        name = cache + suffix
        location = _location(name)
        try:
            if location.exists():
                _empty(name)
        except Exception as error:  # each platform has its own
            raise SecretStoreUnavailable(
                type(error).__name__,
                "The kept tokens cannot be removed",
                "Unlock the system's store for secrets, then sign out again.",
            ) from error
        for file in (location, location.with_name(location.name + _LOCK)):
            with suppress(FileNotFoundError):
                file.unlink()


def _break_old_locks(cache: str) -> None:
    """Remove locks that a program has left which was ended in the middle: MSAL holds one for a moment and never breaks
    one, so that nothing could be kept or refreshed any more."""
    for suffix in _SUFFIXES:
        lock = _location(f"{cache}{suffix}{_LOCK}")
        with suppress(OSError):
            if time.time() - lock.stat().st_mtime > _LOCK_IS_OLD_S:
                lock.unlink()


def _location(name: str) -> Path:
    home = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None
    return (Path(home) if home else Path.home()) / ".IdentityService" / name


def _persistence(name: str) -> Any:
    """The same store that azure-identity opens under this name."""
    msal_extensions: Any = import_module("msal_extensions")
    location = str(_location(name))
    if sys.platform == "win32":
        return msal_extensions.FilePersistenceWithDataProtection(location)
    if sys.platform == "darwin":
        return msal_extensions.KeychainPersistence(location, _SERVICE, name)
    return msal_extensions.LibsecretPersistence(location, name, _SCHEMA, label="MSALCache")


def _empty(name: str) -> None:
    """Overwrite the secret, which all platforms can; on Linux the entry goes as well."""
    store = _persistence(name)
    store.save("{}")
    agent = getattr(store, "_agent", None)
    if agent is not None:
        agent.clear()
