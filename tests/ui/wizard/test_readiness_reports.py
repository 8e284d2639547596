"""The card of readiness files: empty, reading, refused, taken in, old, and files dropped anywhere on the page."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.host_report import CheckResult, CheckStatus, HostReport, HostReports
from app.domain.readiness_file import Imported, RefusedFile, TakenFile
from app.errors import AppError
from app.runtime.progress import Progress
from app.services.readiness_import import read_reports
from app.services.readiness_text import limits
from tests.support import estates, told
from tests.support.readiness_files import document, minutes, with_churn
from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.widgets.labels import StatusLine
from ui.wizard.pages.readiness_reports import ReadinessReportsCard
from ui.wizard.requests import ForgetReadiness, ImportReadiness, StopImporting

Show = Callable[[QWidget], Awaitable[None]]
FILES = (Path("/tmp/a.json").absolute(), Path("/tmp/b.json").absolute())
IMPORT = ImportReadiness((Path("a.json"),))
OLD = CheckResult("dotnet", CheckStatus.FAIL, "older than 4.6.2, release 378675")
RESTART = CheckResult("restart", CheckStatus.WARN, "waiting for a restart: updates of Windows")
PASSED = tuple(CheckResult(name, CheckStatus.OK) for name in ("role", "tls", "system"))


class Opened:
    """The card on a page of its own."""

    def __init__(self, theme: Theme) -> None:
        self.page = QWidget()
        self.card = ReadinessReportsCard(theme)
        layout = QVBoxLayout(self.page)
        layout.addWidget(self.card)
        layout.addStretch(1)
        self.card.take_drops_on(self.page)
        self.requests: list[object] = []
        self.card.requested.connect(self.requests.append)
        self.page.resize(900, 600)

    def load(self, *hosts: HostReport, later: timedelta = timedelta(hours=2)) -> None:
        context = replace(estates.context(now=told.AT + later), reports=HostReports(hosts))
        self.card.load(context)

    def button(self, name: str) -> QAbstractButton:
        found = self.page.findChild(QAbstractButton, name)
        assert found is not None, name
        return found

    def press(self, qtbot: QtBot, name: str) -> None:
        qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def texts(self) -> str:
        """All words that can be seen."""
        return "\n".join(label.text() for label in self.page.findChildren(QLabel) if label.isVisible())


@pytest.fixture
async def opened(theme: Theme, shown: Show) -> Opened:
    page = Opened(theme)
    await shown(page.page)
    return page


def host(*checks: CheckResult, name: str = "HV-HQ-01", **changes: object) -> HostReport:
    return told.host(name=name, checks=(*checks, *PASSED), file_name="readiness.json", **changes)


async def test_without_a_report_it_says_how_to_get_one(opened: Opened, qtbot: QtBot) -> None:
    opened.load()
    assert "No host has told of itself yet" in opened.texts()
    opened.press(qtbot, "readiness-import")
    assert opened.requests == [ImportReadiness()]


async def test_a_host_says_how_it_stands_and_unfolds_what_to_put_right(opened: Opened, qtbot: QtBot) -> None:
    opened.load(host(OLD, RESTART))
    assert "No host" not in opened.texts()
    (row,) = opened.card.rows
    assert (row.chip.word, row.chip.status) == (".NET Framework", Status.CRITICAL)
    assert row.about.startswith("0 machines · asked ")
    assert "Install a newer" not in opened.texts()
    opened.press(qtbot, "readiness-open-hv-hq-01")
    assert row.is_open
    await until(lambda: "From readiness.json." in opened.texts(), what="the findings")
    words = opened.texts()
    assert ".NET Framework: Older than 4.6.2, release 378675." in words
    assert "Install a newer .NET Framework, then restart the host." in words
    assert "3 checks passed, 1 to put right, 1 to look at. From readiness.json." in words
    opened.press(qtbot, "readiness-open-hv-hq-01")
    assert not row.is_open


async def test_the_keyboard_unfolds_too(opened: Opened, qtbot: QtBot) -> None:
    opened.load(host(OLD))
    head = opened.button("readiness-open-hv-hq-01")
    head.setFocus()
    qtbot.keyClick(head, Qt.Key.Key_Space)
    assert opened.card.rows[0].is_open
    assert head.accessibleDescription() == ".NET Framework, 3 checks passed, 1 to put right"


async def test_loading_again_leaves_open_what_is_open_and_shows_what_changed(opened: Opened) -> None:
    first, second = host(OLD), host(RESTART, name="HV-HQ-02")
    opened.load(first, second)
    kept = opened.card.rows[0]
    kept.set_open(True)
    opened.load(first, host(name="HV-HQ-02"))
    rows = opened.card.rows
    assert rows[0] is kept
    assert [row.chip.word for row in rows] == [".NET Framework", "Ready"]
    assert kept.is_open
    opened.load(first)
    assert [row.standing.report.name for row in opened.card.rows] == ["HV-HQ-01"]


async def test_an_old_report_says_how_old_it_is(opened: Opened) -> None:
    opened.load(host(), later=timedelta(days=45))
    assert "45 days ago" in opened.card.rows[0].about


async def test_a_measurement_is_told_and_a_short_one_is_a_smoke_test(opened: Opened) -> None:
    opened.load(host(churn=told.measured(15, 1)), host(name="HV-HQ-02", churn=told.measured(10_080, 1)))
    assert [row.about.rpartition(" · ")[2] for row in opened.card.rows] == [
        "smoke test of 15 min",
        "writes measured for 7 days",
    ]


async def test_while_files_are_read_it_says_which_and_can_be_stopped(opened: Opened, qtbot: QtBot) -> None:
    opened.load(host())
    opened.card.started(IMPORT)
    opened.card.progressed(IMPORT, Progress("Reading a.json", 0, 2))
    assert "Reading a.json" in opened.texts()
    assert opened.card.import_button.refusal is not None
    opened.press(qtbot, "readiness-stop")
    assert opened.requests == [StopImporting()]
    opened.card.finished(StopImporting(), None)
    assert opened.card.import_button.refusal is None
    assert "Reading a.json" not in opened.texts()


async def test_what_was_refused_is_said_with_place_and_reason(opened: Opened, qtbot: QtBot) -> None:
    opened.load()
    opened.card.started(IMPORT)
    taken = TakenFile("b.json", ("HV-HQ-01",), ("HV-HQ-02",), ("VM-1: size can’t be -1; taken as unknown.",))
    opened.card.finished(IMPORT, Imported((taken,), (RefusedFile("a.json", "It is empty.", "line 1"),)))
    assert opened.card.messages == (
        "a.json, line 1 was not taken in. It is empty.",
        "b.json: HV-HQ-01 taken in.",
        "b.json: what is known of HV-HQ-02 is newer, and stays.",
        "b.json: VM-1: size can’t be -1; taken as unknown.",
    )
    opened.press(qtbot, "readiness-outcome-close")
    assert opened.card.messages == ()


async def test_many_sentences_are_cut_with_their_count(opened: Opened) -> None:
    files = tuple(RefusedFile(f"{number}.json", "It is empty.") for number in range(40))
    opened.card.finished(IMPORT, Imported((), files))
    assert len(opened.card.messages) == 7
    assert opened.card.messages[-1] == "And 34 more."


async def test_an_error_says_its_remedy(opened: Opened) -> None:
    opened.card.started(IMPORT)
    opened.card.finished(IMPORT, AppError("x", "The readiness reports can’t be changed: no space left.", "Make room."))
    assert opened.card.messages == ("The readiness reports can’t be changed: no space left. Make room.",)
    assert opened.card.import_button.refusal is None


async def test_a_host_can_be_removed(opened: Opened, qtbot: QtBot) -> None:
    opened.load(host())
    opened.press(qtbot, "readiness-remove-hv-hq-01")
    assert opened.requests == [ForgetReadiness("HV-HQ-01")]


def mime(*urls: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


def drag(page: QWidget, data: QMimeData) -> bool:
    """Hold something over the page, and let go if it would be taken."""
    entered = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    entered.ignore()
    QApplication.sendEvent(page, entered)
    if not entered.isAccepted():
        return False
    dropped = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    QApplication.sendEvent(page, dropped)
    return True


async def test_files_can_be_dropped_anywhere_on_the_page(opened: Opened) -> None:
    assert drag(opened.page, mime(*(file.as_uri() for file in FILES)))
    assert opened.requests == [ImportReadiness(FILES)]
    assert not drag(opened.page, mime("https://contoso.com/a.json"))
    assert len(opened.requests) == 1


async def test_files_that_are_dropped_while_others_are_read_wait_for_nobody(opened: Opened) -> None:
    opened.card.started(IMPORT)
    drag(opened.page, mime(FILES[0].as_uri()))
    assert opened.requests == []


async def test_names_are_plain_text(opened: Opened) -> None:
    name = "<b>&HV</b>\u202e" + "W" * 300
    (report,) = read_reports(
        json.dumps(document() | {"hosts": [{"name": name, "is_elevated": True, "machines": []}]}).encode(), limits()
    )
    opened.load(report)
    row = opened.card.rows[0]
    assert row.head.text().startswith("<b>&&HV</b>W")
    row.set_open(True)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in row.findChildren(QLabel))


async def test_notes_of_an_import_stay_with_the_host(opened: Opened) -> None:
    text = with_churn(document(), minutes(["D:-VMs-VM-0001-VM-0001.vhdx"], 40), is_whole=False)
    (report,) = read_reports(text.encode(), limits())
    opened.load(report)
    opened.card.rows[0].set_open(True)
    lines = [line.text for line in opened.card.rows[0].findChildren(StatusLine)]
    assert "The measurement was interrupted; it counts up to the last whole minute." in lines
