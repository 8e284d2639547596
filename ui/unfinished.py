"""Finds the set-ups that were begun on this computer and can be gone on with."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QCoreApplication

from app.connection import PracticeSpec
from app.flows.draft_file import list_drafts
from app.paths import user_paths
from app.scenarios import scenarios
from ui.views.welcome import UnfinishedSetUp

NUMBERED_STEPS = 6


async def find_unfinished() -> tuple[UnfinishedSetUp, ...]:
    """The drafts of every practice vault, newest first; read in a thread."""
    return await asyncio.to_thread(_find)


def _find() -> tuple[UnfinishedSetUp, ...]:
    paths = user_paths()
    found = []
    for scenario in scenarios():
        for entry in list_drafts(paths.connection_folder(PracticeSpec(scenario.key).key)):
            done = _tr("{0} of {1} steps done · practice vault “{2}”")
            detail = done.format(entry.steps_done, NUMBERED_STEPS, scenario.title)
            set_up = UnfinishedSetUp(entry.path, entry.name, scenario.key, detail, entry.problem)
            found.append((entry.saved_at.timestamp() if entry.saved_at else 0.0, set_up))
    return tuple(set_up for _, set_up in sorted(found, key=lambda pair: pair[0], reverse=True))


def _tr(text: str) -> str:
    return QCoreApplication.translate("find_unfinished", text)
