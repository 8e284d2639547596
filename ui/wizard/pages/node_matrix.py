"""Which of the expected hosts is registered, in this site, and on the same versions as the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.domain.fabric import Fabric
from app.domain.releases import read_version
from app.flows.draft import SetUpDraft
from app.flows.hosts import ExpectedHost, expected_hosts
from app.flows.step import Context
from ui.tables.column import Column, StatusLook
from ui.tables.record_model import RecordTableModel
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Space, Status

_MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One expected host. The statuses are None where there is nothing to judge yet."""

    name: str
    registered: str
    registered_status: Status
    site: str = ""
    site_status: Status | None = None
    provider: str = ""
    provider_status: Status | None = None
    agent: str = ""
    agent_status: Status | None = None


def node_rows(draft: SetUpDraft, site: Fabric, context: Context) -> list[NodeRow]:
    """The expected hosts in the order in which they were named."""
    nodes = expected_hosts(draft.hosts, site, context.estate)
    newest_provider = _newest([node.host.provider_version for node in nodes if node.host is not None])
    newest_agent = _newest([node.agent for node in nodes])
    return [_row(node, site, newest_provider, newest_agent) for node in nodes]


class NodeMatrix(TableView[NodeRow]):
    """As high as its rows, up to eight."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        columns = (
            Column[NodeRow](id="node", title=_tr("Host"), text=lambda row: row.name, width=12, stretch=True),
            Column[NodeRow](
                id="registered",
                title=_tr("Registered"),
                text=lambda row: row.registered,
                status=lambda row: row.registered_status,
                status_look=StatusLook.WORD,
                icon=lambda row: "in_time" if row.registered_status is Status.INFO else "",
                width=9,
            ),
            Column[NodeRow](
                id="site",
                title=_tr("Site"),
                text=lambda row: row.site,
                status=lambda row: row.site_status,
                status_look=StatusLook.WORD,
                width=10,
                stretch=True,
            ),
            Column[NodeRow](
                id="provider",
                title=_tr("Provider"),
                text=lambda row: row.provider,
                status=lambda row: row.provider_status,
                status_look=StatusLook.WORD,
                width=12,
            ),
            Column[NodeRow](
                id="agent",
                title=_tr("Agent"),
                text=lambda row: row.agent,
                status=lambda row: row.agent_status,
                status_look=StatusLook.WORD,
                width=11,
            ),
        )
        empty = Message("hosts", _tr("No host is named yet"), _tr("Name them in the first step."))
        model = RecordTableModel(columns, lambda row: row.name.lower())
        super().__init__(theme, model, name=name, empty=empty, label=_tr("Expected hosts"), parent=parent)

    def show_nodes(self, rows: Sequence[NodeRow]) -> None:
        """Show these."""
        self.set_records(rows)
        shown = min(max(len(rows), 1), _MOST_ROWS) if rows else 5
        self.setFixedHeight((shown + 1) * Height.ROW + Space.M)


def _row(node: ExpectedHost, site: Fabric, newest_provider: str, newest_agent: str) -> NodeRow:
    if node.host is None:
        return NodeRow(node.name, _tr("Not yet"), Status.INFO)
    place = node.elsewhere or site
    provider = node.host.provider_version
    return NodeRow(
        node.name,
        _tr("Yes"),
        Status.OK,
        place.friendly_name,
        Status.OK if node.is_here else Status.CRITICAL,
        provider,
        _same(provider, newest_provider),
        node.agent,
        _same(node.agent, newest_agent),
    )


def _newest(versions: Sequence[str]) -> str:
    return max(versions, key=lambda version: read_version(version) or (), default="")


def _same(version: str, newest: str) -> Status | None:
    if read_version(version) is None:
        return None
    return Status.OK if read_version(version) == read_version(newest) else Status.WARNING


def _tr(text: str) -> str:
    return QCoreApplication.translate("NodeMatrix", text)
