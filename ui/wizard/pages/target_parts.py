"""The parts of the target page, which together take long to make: each is made in a turn of the loop of its own."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import NamedTuple, Self

from PySide6.QtCore import QCoreApplication

from app.domain.storage_rules import StorageUse
from ui.theme.theme import Theme
from ui.wizard.page import made_in_turns
from ui.wizard.pages.replica_card import ReplicaCard
from ui.wizard.pages.target_network import NetworkCard
from ui.wizard.pages.target_places import TargetPlaces
from ui.wizard.pages.target_storage import StorageCard


class TargetParts(NamedTuple):
    places: TargetPlaces
    replica: ReplicaCard
    storage: StorageCard
    logs: StorageCard
    network: NetworkCard

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        """Make them one after the other."""
        made = yield from made_in_turns(
            partial(TargetPlaces, theme),
            partial(ReplicaCard, theme),
            partial(StorageCard, theme, _tr("Storage account for replicated data")),
            partial(StorageCard, theme, _tr("Storage account for change logs"), StorageUse.LOGS),
            partial(NetworkCard, theme, _tr("Network after failover")),
        )
        return cls(*made)


def _tr(text: str) -> str:
    return QCoreApplication.translate("TargetPage", text)
