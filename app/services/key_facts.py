"""What is remembered of the keys that were made through a connection: facts, never the keys."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from pathlib import Path

from app.domain.registration_key import RegistrationKey
from app.runtime.kept_file import Content, FileKind, KeptFile

KEYS_FILE = "registration_keys.json"

_KIND = FileKind("registration-keys")
_log = logging.getLogger(__name__)


class KeyFacts:
    """The newest key of each site, by the site's internal identifier."""

    def __init__(self, file: KeptFile | None) -> None:
        self._file = file
        self._known: dict[str, RegistrationKey] = {}

    @classmethod
    async def open(cls, folder: Path | None) -> KeyFacts:
        """`folder` is the connection's own; None remembers until the program ends."""
        facts = cls(None if folder is None else KeptFile(folder / KEYS_FILE, _KIND))
        if facts._file is not None:
            facts._known = _read(await asyncio.to_thread(facts._file.read))
        return facts

    def of(self, site_id: str) -> RegistrationKey | None:
        return self._known.get(site_id.lower())

    async def put(self, key: RegistrationKey) -> None:
        """Remember it. What cannot be written down is remembered until the program ends."""
        self._known[key.site_id.lower()] = key
        file = self._file
        if file is None:
            return
        try:
            await asyncio.to_thread(lambda: file.change(lambda content: _with(content, key)))
        except OSError:
            _log.warning("%s cannot be written; the key is remembered until the program ends", file.path, exc_info=True)


def _with(content: Content, key: RegistrationKey) -> Content:
    kept = content.get("keys")
    return {"keys": {**(kept if isinstance(kept, dict) else {}), key.site_id.lower(): _facts(key)}}


def _facts(key: RegistrationKey) -> Content:
    return {
        "site_id": key.site_id,
        "site": key.site,
        "vault": key.vault,
        "subscription": key.subscription,
        "resource_group": key.resource_group,
        "location": key.location,
        "valid_from": key.valid_from.isoformat(),
        "valid_until": key.valid_until.isoformat(),
        "thumbprint": key.thumbprint,
        "path": str(key.path),
        "made_at": None if key.made_at is None else key.made_at.isoformat(),
    }


def _read(content: Content) -> dict[str, RegistrationKey]:
    known: dict[str, RegistrationKey] = {}
    kept = content.get("keys")
    for site_id, facts in (kept if isinstance(kept, dict) else {}).items():
        try:
            known[str(site_id).lower()] = _key(facts)
        except (KeyError, TypeError, ValueError):
            _log.warning("what was kept of the key of site %s cannot be read", site_id)
    return known


def _key(facts: Content) -> RegistrationKey:
    texts = ("site_id", "site", "vault", "subscription", "resource_group", "location", "thumbprint")
    return RegistrationKey(
        **{name: str(facts[name]) for name in texts},
        valid_from=_moment(facts["valid_from"]),
        valid_until=_moment(facts["valid_until"]),
        path=Path(facts["path"]),
        made_at=None if facts["made_at"] is None else _moment(facts["made_at"]),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment
