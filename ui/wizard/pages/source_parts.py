"""The parts of the source page, each made in a turn of the loop of its own."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import NamedTuple, Self

from PySide6.QtCore import QCoreApplication

from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.wizard.page import made_in_turns
from ui.wizard.pages.host_news import HostNews
from ui.wizard.pages.hosts_bar import HostsBar
from ui.wizard.pages.readiness_reports import ReadinessReportsCard
from ui.wizard.pages.source_hosts import HostRow, host_columns
from ui.wizard.pages.source_top import SourceTop
from ui.wizard.pages.waiting_host import WaitingHost


class SourceParts(NamedTuple):
    top: SourceTop
    table: TableView[HostRow]
    bar: HostsBar
    news: HostNews
    waiting: WaitingHost
    reports: ReadinessReportsCard

    @classmethod
    def in_turns(cls, theme: Theme) -> Generator[None, None, Self]:
        """Make them one after the other."""
        made = yield from made_in_turns(
            partial(SourceTop, theme),
            partial(_table, theme),
            partial(HostsBar, theme),
            partial(HostNews, theme),
            partial(WaitingHost, theme),
            partial(ReadinessReportsCard, theme),
        )
        return cls(*made)


def _table(theme: Theme) -> TableView[HostRow]:
    return TableView(
        theme,
        RecordTableModel(host_columns(), lambda row: row.key),
        name="source-hosts",
        empty=Message("hosts", ""),
        label=QCoreApplication.translate("SourcePage", "Hosts"),
        framed=False,
    )
