"""The failover sheet on the practice vault: what it shows, what it refuses, what it starts, and how that ends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.arm_id import ArmId
from app.domain.protected_item import Operation, ReplicationProtectedItem
from app.flows.failover import FailoverKind
from app.runtime.write_access import WriteAccess
from app.simulator.messages import Request, Response
from tests.support.practice import refusal
from tests.support.vaults import OpenVault, open_vault
from tests.support.waiting import until
from ui.failover.sheet import FailoverSheetView
from ui.shell.main_window import MainWindow
from ui.theme.theme import Theme
from ui.theme.tokens import Connection
from ui.widgets.buttons import Button

Show = Callable[[QWidget], Awaitable[None]]


@dataclass
class Desk:
    """A window over an open vault, as a person sits before it."""

    vault: OpenVault
    window: MainWindow
    theme: Theme
    qtbot: QtBot
    bodies: list[tuple[str, dict]]

    async def items(self, count: int = 1) -> list[ReplicationProtectedItem]:
        return [item for item in await self.vault.items() if item.allows(Operation.TEST_FAILOVER)][:count]

    async def open(self, kind: FailoverKind, *items: ArmId) -> FailoverSheetView:
        sheet = FailoverSheetView(self.theme, kind, items, self.vault.services, self.window.room.notices)
        self.window.open_sheet(sheet)
        await until(lambda: sheet.form is not None or sheet.retry_button.isVisible(), what="the machines to be read")
        return sheet

    def press(self, name: str) -> None:
        self.qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def button(self, name: str) -> Button:
        sheet = self.window.sheet
        assert sheet is not None
        found = sheet.findChild(Button, name)
        assert found is not None, name
        return found

    def type(self, name: str, text: str) -> None:
        edit = self.window.findChild(QLineEdit, name)
        assert edit is not None, name
        self.qtbot.keyClicks(edit, text)

    async def ended(self, sheet: FailoverSheetView) -> str:
        """Wait for the end and return everything the sheet says."""
        await until(sheet.done_button.isVisible, what="the end of the operation")
        QCoreApplication.sendPostedEvents()  # what a layout has just taken in is shown by an event of its own
        return words(sheet)


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def sent(desk: Desk, ending: str) -> list[dict]:
    return [body for path, body in desk.bodies if path.endswith(ending)]


@pytest.fixture
def desk(theme: Theme, shown: Show, qtbot: QtBot) -> Callable[..., object]:
    @asynccontextmanager
    async def opened(**options: object) -> AsyncIterator[Desk]:
        async with open_vault(**{"count": 6, **options}) as vault:
            bodies: list[tuple[str, dict]] = []

            def note(request: Request) -> Response | None:
                if request.method == "POST":
                    path = request.url.split("?", 1)[0]
                    bodies.append((path, json.loads(request.body or b"{}").get("properties", {})))
                return None

            vault.practice.wire.before = note
            window = MainWindow(theme)
            window.room.set_sign("Practice vault", "fleet", Connection.PRACTICE)
            await shown(window)
            try:
                yield Desk(vault, window, theme, qtbot, bodies)
            finally:
                if window.sheet is not None:
                    window.sheet.close_sheet()
                window.allow_close()

    return opened


async def test_a_drill_is_shown_first_then_run_then_read_back(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.TEST, item.id)
        assert f"Test failover: {item.friendly_name}" in words(sheet)
        assert "First copy is finished, and no other job runs" in words(sheet)
        assert "Azure creates the test machine" in words(sheet)
        assert at.bodies == []
        finished: list[bool] = []
        sheet.finished.connect(lambda: finished.append(True))
        at.press("sheet-run")
        told = await at.ended(sheet)
        assert f"{item.target_name}-test runs, without a network." in told
        assert "Standard_" in told
        assert "Creating test virtual machine" in told
        assert finished == [True]
        at.press("sheet-done")
        assert at.window.sheet is None


async def test_the_chosen_network_is_where_the_test_machine_runs(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.TEST, item.id)
        network = sheet.form.network
        assert network is not None
        assert "No network is chosen: the test machine cannot be reached." in words(sheet)
        network.picker.setFocus()
        at.qtbot.keyClick(network.picker, Qt.Key.Key_Home)
        assert network.network_id == item.target_network_id
        assert network.subnet.text == "servers"
        assert "is for real failovers" in sheet.footer.message.text
        at.press("sheet-run")
        told = await at.ended(sheet)
        assert f"{item.target_name}-test runs in vnet-fleet-dr." in told
        assert "servers" in told
        assert sent(at, "/testFailover")[0]["networkId"] == item.target_network_id


@pytest.mark.slow
async def test_a_drill_leads_to_its_clean_up_with_notes(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.TEST, item.id)
        at.press("sheet-run")
        await at.ended(sheet)
        assert at.button("sheet-next").text() == "Clean up test failover…"
        at.press("sheet-next")
        await until(lambda: sheet.form is not None, what="the clean-up to be read")
        at.type("sheet-notes", "Sign-in works")
        at.press("sheet-run")
        told = await at.ended(sheet)
        assert f"{item.target_name}-test is deleted." in told
        assert sent(at, "/testFailoverCleanup") == [{"comments": "Sign-in works"}]


@pytest.mark.slow
async def test_a_planned_failover_asks_for_the_name_and_leads_to_the_commit(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.PLANNED, item.id)
        at.press("sheet-run")
        refused = sheet.submit_button.refusal
        assert refused is not None
        assert refused.reason == f"Type {item.friendly_name} in the field above the buttons."
        at.type("sheet-confirm-name", item.friendly_name[:-1])
        assert sheet.submit_button.refusal is not None
        at.type("sheet-confirm-name", item.friendly_name[-1])
        assert sheet.submit_button.refusal is None
        at.qtbot.keyClick(sheet.form.confirm.edit, Qt.Key.Key_Return)
        assert not sheet.is_started
        at.press("sheet-run")
        assert f"{item.target_name} runs in vnet-fleet-dr." in await at.ended(sheet)

        assert at.button("sheet-next").text() == "Commit…"
        at.press("sheet-next")
        await until(lambda: sheet.form is not None, what="the commit to be read")
        assert "Machine runs in Azure" in words(sheet)
        at.type("sheet-confirm-name", item.friendly_name)
        at.press("sheet-run")
        await at.ended(sheet)
        (now,) = [each for each in await at.vault.items() if each.id == item.id]
        assert not now.allows(Operation.COMMIT)
        assert not at.button("sheet-next").isVisible()


@pytest.mark.slow
async def test_several_machines_are_confirmed_by_their_number(desk) -> None:
    async with desk() as at:
        items = await at.items(3)
        sheet = await at.open(FailoverKind.PLANNED, *[item.id for item in items])
        assert sheet.submit_button.text() == "Start planned failover of 3 machines"
        at.type("sheet-confirm-name", "3")
        at.press("sheet-run")
        told = await at.ended(sheet)
        assert all(f"{item.target_name} runs in vnet-fleet-dr." in told for item in items)


async def test_the_keyboard_begins_at_the_first_choice(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.PLANNED, item.id)
        assert sheet.form.confirm.edit.hasFocus()
        sheet = await at.open(FailoverKind.UNPLANNED, item.id)
        assert sheet.form.shut_down.hasFocus()


async def test_pressing_twice_starts_once(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.TEST, item.id)
        sheet.submit_button.activated.emit()
        sheet.submit_button.activated.emit()
        at.press("sheet-run")
        await at.ended(sheet)
        assert len(sent(at, "/testFailover")) == 1


@pytest.mark.slow
async def test_an_emergency_is_warned_of_and_not_blocked(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.UNPLANNED, item.id)
        assert f"If {item.friendly_name} cannot be shut down" in sheet.footer.message.text
        box = at.window.findChild(QCheckBox, "sheet-shut-down")
        at.qtbot.keyClick(box, Qt.Key.Key_Space)
        assert f"{item.friendly_name} loses the changes of about the last" in sheet.footer.message.text
        assert "The host shuts the machine down" not in words(sheet)
        at.type("sheet-confirm-name", item.friendly_name.lower())
        at.press("sheet-run")
        assert "runs in" in await at.ended(sheet)
        assert sent(at, "/unplannedFailover")[0]["sourceSiteOperations"] == "NotRequired"


async def test_a_point_picked_by_key_is_the_one_that_is_sent(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.TEST, item.id)
        points = sheet.form.points
        line = points.line
        newest = line.chosen
        at.qtbot.keyClick(line, Qt.Key.Key_Left)
        at.qtbot.keyClick(line, Qt.Key.Key_Left)
        assert line.chosen.time < newest.time
        assert points.point_id == line.chosen.id.text
        picked = line.chosen.id.text
        at.press("sheet-run")
        await at.ended(sheet)
        assert sent(at, "/testFailover")[0]["providerSpecificDetails"]["recoveryPointId"] == picked


async def test_what_azure_would_refuse_is_refused_with_the_way_on(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        await at.vault.carry_out(FailoverKind.TEST, item.id)
        sheet = await at.open(FailoverKind.PLANNED, item.id)
        refused = sheet.submit_button.refusal
        assert refused is not None
        assert refused.reason.startswith(f"The test machine of {item.friendly_name} still runs. Clean up first.")
        (way,) = refused.ways
        assert way.label == "Clean up test failover…"
        way.run()
        await until(lambda: sheet.form is not None, what="the clean-up to be read")
        assert f"Clean up test failover: {item.friendly_name}" in words(sheet)
        assert sheet.submit_button.refusal is None


async def test_a_machine_in_the_way_can_be_left_out(desk) -> None:
    async with desk() as at:
        first, second = await at.items(2)
        await at.vault.carry_out(FailoverKind.TEST, first.id)
        sheet = await at.open(FailoverKind.TEST, first.id, second.id)
        assert sheet.submit_button.refusal is not None
        form = sheet.form
        at.press(f"sheet-leave-out-{first.friendly_name}")
        await until(lambda: sheet.form is not form, what="the machines to be read again")
        assert f"Test failover: {second.friendly_name}" in words(sheet)
        assert sheet.submit_button.refusal is None


async def test_checking_again_keeps_the_choices(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.UNPLANNED, item.id)
        form = sheet.form
        form.shut_down.setChecked(False)
        chosen = form.choices
        at.press("sheet-check-again")
        await until(lambda: sheet.form is not form, what="the machines to be read again")
        assert sheet.form.choices == chosen


async def test_escape_before_the_start_sends_nothing(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.TEST, item.id)
        at.qtbot.keyClick(sheet, Qt.Key.Key_Escape)
        assert at.window.sheet is None
        assert at.bodies == []


async def test_closed_while_reading_shows_nothing_more(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = FailoverSheetView(at.theme, FailoverKind.TEST, (item.id,), at.vault.services, at.window.room.notices)
        at.window.open_sheet(sheet)
        sheet.close_sheet()
        assert at.window.sheet is None
        assert at.window.room.notices.notices == ()


async def test_whoever_leaves_hears_of_the_end(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.TEST, item.id)
        jobs: list[ArmId] = []
        sheet.job_requested.connect(jobs.append)
        at.press("sheet-run")
        await until(sheet.jobs_button.isVisible, what="the job to be known")
        at.press("sheet-watch")
        assert at.window.sheet is None
        assert len(jobs) == 1
        (notice,) = await until(lambda: at.window.room.notices.notices, what="the end to be told")
        assert notice.title == f"Test failover of {item.friendly_name} is done"
        assert f"{item.target_name}-test runs" in notice.text


@pytest.mark.slow
async def test_a_refused_request_says_why_and_can_be_tried_again(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        sheet = await at.open(FailoverKind.TEST, item.id)

        def refuse(request: Request) -> Response | None:
            if "/testFailover" in request.url and request.method == "POST":
                return refusal(403, "AuthorizationFailed")
            return None

        at.vault.practice.wire.before = refuse
        at.press("sheet-run")
        told = await at.ended(sheet)
        assert "Not done" in told
        assert at.button("sheet-next").text() == "Check and &try again"
        at.vault.practice.wire.before = lambda request: None
        at.press("sheet-next")
        await until(lambda: sheet.form is not None, what="the machines to be read again")
        at.press("sheet-run")
        assert f"{item.target_name}-test runs" in await at.ended(sheet)


async def test_machines_that_cannot_be_read_are_tried_again(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        at.vault.practice.wire.before = lambda request: refusal(403, "AuthorizationFailed")
        sheet = await at.open(FailoverKind.TEST, item.id)
        assert sheet.form is None
        assert "Nothing was changed." in words(sheet)
        assert sheet.submit_button.refusal is not None
        at.vault.practice.wire.before = lambda request: None
        at.press("sheet-retry")
        await until(lambda: sheet.form is not None, what="the machines to be read")
        assert sheet.submit_button.refusal is None


async def test_a_connection_held_by_another_window_starts_nothing(desk) -> None:
    async with desk() as at:
        (item,) = await at.items()
        services = replace(at.vault.services, access=WriteAccess(is_held_elsewhere=True))
        sheet = FailoverSheetView(at.theme, FailoverKind.TEST, (item.id,), services, at.window.room.notices)
        at.window.open_sheet(sheet)
        await until(lambda: sheet.form is not None, what="the machines to be read")
        refused = sheet.submit_button.refusal
        assert refused is not None
        assert refused.title == "This window only looks"
