"""What can be done with hosts: buttons that say why they have to wait, sheets that ask before anything is removed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.errors import Conflict
from app.flows.action import ActionKind
from app.flows.checks import check_source
from app.flows.draft import SetUpDraft
from tests.support import estates
from tests.support.wizard_page import OpenedPage
from ui.asking import NameConfirmation
from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.labels import StatusLine
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.removal_sheet import RemovalSheet
from ui.wizard.pages.source import REFRESH, SourcePage
from ui.wizard.requests import CarryOut, SaveScripts

Show = Callable[[QWidget], Awaitable[None]]

DRAFT = replace(estates.ready_draft(), machines=())


class Opened(OpenedPage):
    """The source page, with the sheet that it opened last."""

    def __init__(self, theme: Theme, draft: SetUpDraft = DRAFT, **estate: object) -> None:
        self.sheet: ModalSheet | None = None
        page = SourcePage(theme)
        page.sheet_opened.connect(self._keep)
        super().__init__(page, check_source, draft, estates.context(estates.contoso(**estate)))
        self.page = page

    def _keep(self, sheet: ModalSheet) -> None:
        sheet.setParent(self.root)
        self.sheet = sheet

    def select(self, *places: int) -> None:
        table = self.page._table
        table.select([table.model.key_at(place) for place in places])

    def reason(self, name: str) -> str:
        refusal = self.find(ReasonedButton, name).refusal
        return "" if refusal is None else refusal.reason

    @property
    def removal(self) -> RemovalSheet:
        assert isinstance(self.sheet, RemovalSheet)
        return self.sheet

    def in_sheet(self, name: str) -> QWidget:
        assert self.sheet is not None
        found = self.sheet.findChild(QWidget, name)
        assert found is not None, name
        return found

    def texts(self) -> str:
        assert self.sheet is not None
        return " ".join(line.text for line in self.sheet.findChildren(StatusLine) if not line.isHidden())


@pytest.fixture
async def opened(theme: Theme, shown: Show) -> Opened:
    opened = Opened(theme)
    await shown(opened.root)
    return opened


@pytest.fixture
def silent(theme: Theme) -> Iterator[Opened]:
    first, second = estates.contoso().providers
    opened = Opened(theme, providers=(replace(first, is_connected=False), second))
    yield opened
    opened.root.deleteLater()


async def test_nothing_selected_is_why_nothing_can_be_done(opened: Opened) -> None:
    for name in ("source-refresh-host", "source-remove-host"):
        assert "Select a host" in opened.reason(name)
    opened.select(0)
    assert opened.reason("source-refresh-host") == opened.reason("source-remove-host") == ""
    opened.select(0, 1)
    assert opened.reason("source-refresh-host") == ""
    assert "one by one" in opened.reason("source-remove-host")


async def test_a_host_that_is_not_connected_cannot_be_refreshed_but_removed(silent: Opened) -> None:
    silent.select(0)
    assert "not connected" in silent.reason("source-refresh-host")
    assert silent.reason("source-remove-host") == ""


async def test_an_expected_host_can_neither_be_refreshed_nor_removed(opened: Opened) -> None:
    opened.draft = replace(DRAFT, hosts=replace(DRAFT.hosts, names=("HV-NEW",)))
    opened.load()
    rows = opened.page._table.model.records()
    assert [row.state for row in rows if row.name == "HV-NEW"] == ["Not registered yet"]
    opened.page._table.select(["expected:hv-new"])
    assert "not registered" in opened.reason("source-refresh-host")
    assert "not registered" in opened.reason("source-remove-host")


async def test_refreshing_sends_one_action_for_each_host_and_waits_for_its_end(opened: Opened, qtbot: QtBot) -> None:
    opened.select(0, 1)
    opened.press(qtbot, "source-refresh-host")
    (request,) = opened.requests
    assert isinstance(request, CarryOut)
    assert [action.kind for action in request.actions] == [ActionKind.REFRESH_HOST] * 2
    opened.root.started(request)
    assert "being refreshed" in opened.reason("source-refresh-host")
    opened.root.finished(request, Conflict("busy", "The host is busy.", "Try again."))
    assert opened.reason("source-refresh-host") == ""
    line = opened.find(StatusLine, "source-issue")
    assert "The host is busy." in line.text
    assert request.key == REFRESH


async def test_a_host_is_removed_only_once_its_name_was_typed(opened: Opened, qtbot: QtBot) -> None:
    opened.select(0)
    opened.press(qtbot, "source-remove-host")
    opened.removal.submitted.emit()
    assert opened.requests == []
    confirmation = opened.removal.findChild(NameConfirmation)
    assert confirmation is not None
    confirmation.edit.setText("hv-hq-01")
    opened.removal.submitted.emit()
    (request,) = opened.requests
    assert isinstance(request, CarryOut)
    assert [action.kind for action in request.actions] == [ActionKind.REMOVE_HOST]
    opened.root.started(request)
    opened.root.finished(request, Conflict("busy", "The host is busy.", "Try again."))
    assert "The host is busy." in opened.texts()
    assert not opened.removal.is_running


async def test_a_silent_host_is_offered_to_be_forgotten_first(silent: Opened, qtbot: QtBot) -> None:
    silent.page._sheets.open_host_removal(silent.context.estate.providers[0])
    way = silent.in_sheet("removal-way-0")
    assert "gone for good" in way.text()  # type: ignore[attr-defined]
    assert "stands in the way" in silent.texts()
    confirmation = silent.removal.findChild(NameConfirmation)
    assert confirmation is not None
    confirmation.edit.setText("HV-HQ-01")
    silent.removal.submitted.emit()
    (request,) = silent.requests
    assert isinstance(request, CarryOut)
    assert [action.kind for action in request.actions] == [ActionKind.PURGE_HOST]


async def test_machines_that_replicate_stand_in_the_way_of_a_site(theme: Theme) -> None:
    machine = estates.contoso().protectable_items[0]
    opened = Opened(theme, protected_items=(estates.protected(machine),))
    opened.page._on_remove_site_activated()
    assert "1 machine still replicates" in opened.texts()
    refusal = opened.removal.submit_button.refusal
    assert refusal is not None
    assert "Disable replication" in refusal.reason
    opened.root.deleteLater()


async def test_the_clean_up_script_is_offered_with_the_removal(opened: Opened, qtbot: QtBot) -> None:
    opened.select(0)
    opened.press(qtbot, "source-remove-host")
    button = opened.in_sheet("removal-clean-up")
    assert isinstance(button, Button)
    button.click()
    assert isinstance(opened.requests[-1], SaveScripts)


async def test_waiting_is_told_with_its_time_as_soon_as_hosts_were_asked(opened: Opened) -> None:
    asked = (estates.NOW - timedelta(minutes=11)).isoformat()
    opened.draft = replace(DRAFT, hosts=replace(DRAFT.hosts, names=("HV-NEW",), asked_at=asked))
    opened.load()
    assert opened.page._waiting._figure.text() == "11 min of up to 30 min"
    assert "HV-NEW" in opened.page._waiting._title.text()
