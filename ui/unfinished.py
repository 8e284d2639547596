"""Finds the set-ups that were begun on this computer and can be gone on with."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.connection import PracticeSpec
from app.flows.draft_file import list_drafts, load_draft
from app.paths import user_paths
from app.saved_connections import SavedConnections
from app.scenarios import scenarios
from ui.views.welcome.set_ups import UnfinishedSetUp

NUMBERED_STEPS = 6


async def find_unfinished() -> tuple[UnfinishedSetUp, ...]:
    """The drafts of every practice vault and of every saved connection, newest first; read in a thread."""
    return await asyncio.to_thread(_find)


def _find() -> tuple[UnfinishedSetUp, ...]:
    paths = user_paths()
    places = [
        (PracticeSpec(each.key).key, _tr("practice vault “{}”").format(each.title), each.key, "")
        for each in scenarios()
    ]
    places += [(each.spec.key, each.name, "", each.id) for each in SavedConnections(paths.connections_file).load()]
    found = []
    for key, place, scenario, connection in places:
        for entry in list_drafts(paths.connection_folder(key)):
            done = _tr("{0} of {1} steps done · {2}").format(entry.steps_done, NUMBERED_STEPS, place)
            set_up = UnfinishedSetUp(entry.path, entry.name, scenario, done, entry.problem, connection)
            found.append((entry.saved_at.timestamp() if entry.saved_at else 0.0, set_up))
    return tuple(set_up for _, set_up in sorted(found, key=lambda pair: pair[0], reverse=True))


async def place_of_draft(path: Path) -> UnfinishedSetUp:
    """A draft from any file with where it belongs: a saved connection of its subscription, or as yet nowhere.

    Raises:
        InvalidInput: it is no draft.
    """
    return await asyncio.to_thread(_place_of, path)


def _place_of(path: Path) -> UnfinishedSetUp:
    draft = load_draft(path).draft
    known = [each for each in _find() if each.path == path]
    if known:
        return known[0]
    for each in SavedConnections(user_paths().connections_file).load():
        if draft.vault.subscription and each.spec.subscription.lower() == draft.vault.subscription.lower():
            return UnfinishedSetUp(path, draft.name, "", "", connection=each.id)
    return UnfinishedSetUp(path, draft.name, "", "")


def _tr(text: str) -> str:
    return QCoreApplication.translate("find_unfinished", text)
