"""The connections to Azure that the user keeps: what each is called, where it leads, and how it opens. No secrets."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.connection import AzureSpec, azure_fields, azure_spec
from app.runtime.kept_file import Aside, Content, FileKind, KeptFile

LONGEST_NAME = 60
KIND = FileKind("site-recovery-desk/connections")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SavedConnection:
    """One of them.

    Attributes:
        colour: a word that the window knows; any other one means its first.
        account: who was signed in last: a person's sign-in name, or an application's client id.
        region: of the vault, as Azure calls it for people.
        opened: when it was opened last, UTC.
        opens_read_only: whether it opens so that nothing can be changed until that is allowed.
    """

    id: str
    name: str
    spec: AzureSpec
    colour: str = ""
    account: str = ""
    region: str = ""
    opened: datetime | None = None
    opens_read_only: bool = True


class SavedConnections:
    """The file of them. Blocks: for a thread. Two programs that change different ones keep each other's."""

    def __init__(self, file: Path) -> None:
        self._file = KeptFile(file, KIND)

    @property
    def asides(self) -> tuple[Aside, ...]:
        """What could not be used, and was set aside."""
        return tuple(self._file.asides)

    def load(self) -> tuple[SavedConnection, ...]:
        """All of them, the one opened last first. One that cannot be read is left out and logged, and stays there."""
        return _read(self._file.read())

    def put(self, connection: SavedConnection) -> tuple[SavedConnection, ...]:
        """Keep it, in place of an earlier one with its id.

        Raises:
            OSError: it cannot be written.
        """
        return _read(self._file.change(lambda content: content | {connection.id: _fields(connection)}))

    def mark_opened(self, id: str, at: datetime, account: str = "") -> tuple[SavedConnection, ...]:
        """Remember when it was opened, and by whom.

        Raises:
            OSError: it cannot be written.
        """

        def change(content: Content) -> Content:
            entry = content.get(id)
            if not isinstance(entry, dict):
                return content  # another window has removed it
            who = {"account": account} if account else {}
            return content | {id: entry | {"opened": at.isoformat()} | who}

        return _read(self._file.change(change))

    def remove(self, id: str) -> tuple[SavedConnection, ...]:
        """Forget it. What its folder holds, such as its journal, stays.

        Raises:
            OSError: it cannot be written.
        """
        return _read(self._file.change(lambda content: {key: value for key, value in content.items() if key != id}))


def new_connection(name: str, spec: AzureSpec, **more: Any) -> SavedConnection:
    return SavedConnection(uuid.uuid4().hex, name.strip(), spec, **more)


def name_problem(name: str, others: tuple[SavedConnection, ...]) -> str:
    """Why a connection cannot be called that, as a sentence; empty if it can."""
    wanted = name.strip()
    if not wanted:
        return "Give the connection a name, such as “Contoso production”."
    if len(wanted) > LONGEST_NAME:
        return f"Use at most {LONGEST_NAME} characters; these are {len(wanted)}."
    if any(wanted.casefold() == other.name.casefold() for other in others):
        return "Another connection has this name already."
    return ""


def _fields(connection: SavedConnection) -> dict[str, Any]:
    return azure_fields(connection.spec) | {
        "name": connection.name,
        "colour": connection.colour,
        "account": connection.account,
        "region": connection.region,
        "opened": connection.opened.isoformat() if connection.opened is not None else "",
        "opens_read_only": connection.opens_read_only,
    }


def _read(content: Content) -> tuple[SavedConnection, ...]:
    found = []
    for id, fields in content.items():
        try:
            found.append(_connection(id, fields))
        except (ValueError, TypeError, AttributeError) as error:
            _log.warning("The saved connection %s cannot be read: %s", id, error)
    by_name = sorted(found, key=lambda each: each.name.casefold())
    return tuple(sorted(by_name, key=lambda each: each.opened.timestamp() if each.opened else 0.0, reverse=True))


def _connection(id: str, fields: Mapping[str, Any]) -> SavedConnection:
    opened = datetime.fromisoformat(fields["opened"]) if fields.get("opened") else None
    if opened is not None and opened.tzinfo is None:
        raise ValueError("`opened` has no zone")
    spec = azure_spec(fields)
    if spec.method.is_interactive and not spec.account:  # kept before each person had a sign-in of their own
        spec = replace(spec, account=str(fields.get("account", "")))
    known = SavedConnection(id, str(fields.get("name") or "?"), spec)
    return replace(
        known,
        colour=str(fields.get("colour", "")),
        account=str(fields.get("account", "")),
        region=str(fields.get("region", "")),
        opened=opened,
        opens_read_only=fields.get("opens_read_only") is not False,
    )
