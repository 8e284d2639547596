"""The page of prerequisites: looked at in Azure, ticked by people, kept, exported, printed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.domain.arm_id import ArmId
from app.domain.prerequisites import Table
from app.services.checklist import Checklist
from app.services.prerequisite_report import as_html
from tests.support.practice import refusal
from tests.support.vaults import OpenVault, open_vault
from tests.support.waiting import until
from ui.asking import Asking
from ui.printing import print_on
from ui.shell.main_window import MainWindow
from ui.theme.theme import Theme
from ui.views.prerequisites.line_row import LineRow
from ui.views.prerequisites.view import PrerequisitesView
from ui.widgets.labels import Text

Show = Callable[[QWidget], Awaitable[None]]
ALL_IN_ORDER = 8


class Page:
    """The page on a vault, and what it stands on."""

    def __init__(self, theme: Theme, vault: OpenVault, path: Path | None, *, has_vault: bool = True) -> None:
        self.vault = vault
        self.checklist = Checklist(path)
        self.picked: Path | None = None
        self.about: ArmId | None = vault.practice.vault if has_vault else None
        window = MainWindow(theme)
        asking = Asking(theme, window, window)
        asking.save_file = self._save_file  # type: ignore[method-assign]
        self.window = window
        self.view = PrerequisitesView(
            theme, vault.services, self.checklist, vault.notices, asking, vault=lambda: self.about, user="anna"
        )
        self.view.resize(1100, 800)

    async def _save_file(self, title: str, suggested: str, kinds: str = "") -> Path | None:
        return self.picked / suggested if self.picked is not None else None

    def rows(self, table: Table) -> dict[str, LineRow]:
        return self.view.tables[table].rows

    async def open(self, table: Table) -> dict[str, LineRow]:
        self.view.show_table(table)
        count = len(self.vault.services.rules.prerequisites.of(table))
        await until(lambda: len(self.rows(table)) == count, what=f"the lines of {table}")
        return self.rows(table)


@pytest.fixture
async def contoso() -> AsyncIterator[OpenVault]:
    async with open_vault("contoso") as vault:
        yield vault


@pytest.fixture
async def page(contoso: OpenVault, theme: Theme, shown: Show, tmp_path: Path) -> AsyncIterator[Page]:
    page = Page(theme, contoso, tmp_path / "prerequisites.json")
    await shown(page.view)
    await until(lambda: "points are open" in page.view.answer.text(), what="Azure to be looked at")
    await page.open(Table.AZURE)
    yield page
    await page.view.aclose()
    page.window.allow_close()
    page.window.deleteLater()


def part(view: QWidget, name: str) -> QWidget:
    found = view.findChild(QWidget, name)
    assert found is not None, name
    return found


def click(qtbot: QtBot, view: QWidget, name: str) -> None:
    qtbot.mouseClick(part(view, name), Qt.MouseButton.LeftButton)


def says(view: QWidget, words: str) -> bool:
    return any(words in text.text() for text in view.findChildren(Text) if text.isVisible())


# Looking at Azure


async def test_azure_is_looked_at_without_a_press(page: Page) -> None:
    rows = page.rows(Table.AZURE)
    assert rows["azure.vault"].state.text.startswith("There: ")
    assert "West Europe" in rows["azure.region"].state.text
    assert page.view.tabs.tabText(0) == f"In Azure {ALL_IN_ORDER}/10"
    assert "at the hosts" in page.view.answer.text()
    assert page.vault.practice.wire.writes == []


async def test_what_is_missing_says_what_to_do(page: Page) -> None:
    wire = page.vault.practice.wire
    wire.before = lambda request: refusal(403, "AuthorizationFailed") if "virtualNetworks" in request.url else None
    page.view.refresh()
    row = page.rows(Table.AZURE)["azure.network"]
    await until(lambda: row.state.text.startswith("Not read"), what="the network to be refused")
    assert "Reader" in row.state.text or "role" in row.state.text
    assert page.rows(Table.AZURE)["azure.storage"].state.text.startswith("There")


async def test_failure_is_told_in_place_and_read_again(qtbot: QtBot, page: Page) -> None:
    wire = page.vault.practice.wire
    wire.before = lambda request: refusal(403, "AuthorizationFailed") if "/simulator/" not in request.url else None
    page.view.refresh()
    azure = page.view.tables[Table.AZURE]
    await until(azure.failure.isVisible, what="the failure")
    assert "Nothing was changed." in azure.failure.text
    assert azure.rows["azure.vault"].state.text.startswith("There: ")  # what was found before stays
    wire.before = lambda request: None
    click(qtbot, page.view, "prerequisites-again-azure")
    await until(lambda: not azure.failure.isVisible(), what="Azure to answer")


async def test_first_look_that_fails_leaves_lines_not_read(
    contoso: OpenVault, theme: Theme, shown: Show, tmp_path: Path
) -> None:
    contoso.practice.wire.before = lambda request: refusal(403, "AuthorizationFailed")
    page = Page(theme, contoso, tmp_path / "prerequisites.json")
    await shown(page.view)
    await until(page.view.tables[Table.AZURE].failure.isVisible, what="the failure")
    rows = await page.open(Table.AZURE)
    assert rows["azure.vault"].state.text == "Not read"
    assert (
        page.view.answer.text() == "Azure could not be read. 29 points are open: 16 at the hosts, 13 at the machines."
    )
    assert page.view.tabs.tabText(0) == "In Azure –/10"
    assert (await page.open(Table.HOSTS))["hosts.system"].box is not None
    await page.view.aclose()
    page.window.deleteLater()


async def test_without_a_vault_it_says_what_comes_first(
    contoso: OpenVault, theme: Theme, shown: Show, tmp_path: Path
) -> None:
    page = Page(theme, contoso, tmp_path / "prerequisites.json", has_vault=False)
    await shown(page.view)
    rows = await page.open(Table.AZURE)
    await until(lambda: rows["azure.vault"].state.text.startswith("Missing:"), what="the missing vault")
    assert rows["azure.storage"].state.text.startswith("No vault yet:")
    await page.view.aclose()
    page.window.deleteLater()


async def test_closing_while_it_looks_leaves_nothing(
    contoso: OpenVault, theme: Theme, shown: Show, tmp_path: Path
) -> None:
    page = Page(theme, contoso, tmp_path / "prerequisites.json")
    await shown(page.view)
    await page.view.aclose()
    page.window.deleteLater()


async def test_names_from_azure_stay_text(page: Page) -> None:
    assert all(
        text.textFormat() is Qt.TextFormat.PlainText
        for row in page.rows(Table.AZURE).values()
        for text in row.findChildren(Text)
    )


# Ticks and notes


async def test_tick_says_who_and_when_and_is_kept(qtbot: QtBot, page: Page, tmp_path: Path) -> None:
    rows = await page.open(Table.HOSTS)
    row = rows["hosts.role"]
    assert row.state.text == "Open"
    assert row.box is not None
    before = page.view.tabs.tabText(1)
    row.box.setFocus()
    qtbot.keyClick(row.box, Qt.Key.Key_Space)
    await until(lambda: row.state.text.startswith("Done: anna, "), what="the tick to be kept")
    assert page.view.tabs.tabText(1) != before
    kept = await Checklist(tmp_path / "prerequisites.json").load(page.about)
    assert kept["hosts.role"].is_done
    qtbot.keyClick(row.box, Qt.Key.Key_Space)
    await until(lambda: row.state.text == "Open", what="the tick to go")


async def test_page_opened_anew_shows_what_was_kept(
    qtbot: QtBot, page: Page, theme: Theme, shown: Show, tmp_path: Path
) -> None:
    rows = await page.open(Table.MACHINES)
    box = rows["machines.reach"].box
    assert box is not None
    box.click()
    await until(lambda: "anna" in rows["machines.reach"].state.text, what="the tick to be kept")
    again = Page(theme, page.vault, tmp_path / "prerequisites.json")
    await shown(again.view)
    row = (await again.open(Table.MACHINES))["machines.reach"]
    await until(lambda: row.box is not None and row.box.isChecked(), what="the tick to be read")
    await again.view.aclose()
    again.window.deleteLater()


async def test_note_is_kept_when_the_field_is_left(qtbot: QtBot, page: Page) -> None:
    row = (await page.open(Table.HOSTS))["hosts.switches"]
    click(qtbot, page.view, "prerequisite-add-note-hosts.switches")
    assert row.note.hasFocus()
    qtbot.keyClicks(row.note, "vSwitch#1 is renamed on Friday")
    qtbot.keyClick(row.note, Qt.Key.Key_Return)
    await until(lambda: not page.view._calls.is_running("note.hosts.switches"), what="the note to be kept")
    marks = await page.checklist.load(page.about)
    assert marks["hosts.switches"].note == "vSwitch#1 is renamed on Friday"


async def test_note_typed_a_moment_before_closing_is_kept(qtbot: QtBot, page: Page) -> None:
    row = (await page.open(Table.HOSTS))["hosts.key"]
    click(qtbot, page.view, "prerequisite-add-note-hosts.key")
    qtbot.keyClicks(row.note, "ask Ben")
    await page.view.aclose()
    assert (await page.checklist.load(page.about))["hosts.key"].note == "ask Ben"


async def test_what_another_window_ticked_comes_with_refresh(page: Page, tmp_path: Path) -> None:
    rows = await page.open(Table.HOSTS)
    other = Checklist(tmp_path / "prerequisites.json")
    now = page.vault.services.clock.now()
    await other.tick(page.about, "hosts.dotnet", is_done=True, by="ben", at=now)
    page.view.refresh()
    await until(lambda: rows["hosts.dotnet"].state.text.startswith("Done: ben, "), what="the other's tick")


async def test_tick_that_cannot_be_kept_does_not_stay(
    qtbot: QtBot, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = await page.open(Table.HOSTS)
    box = rows["hosts.role"].box
    assert box is not None

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("app.runtime.kept_file.KeptFile._write", full)
        box.click()
        await until(lambda: page.vault.notices.notices, what="the news")
    assert "No space left" in page.vault.notices.notices[0].title
    assert not box.isChecked()
    page.vault.notices.notices[0].actions[0].run()
    await until(box.isChecked, what="the tick to be kept")
    assert page.vault.notices.notices == ()


async def test_file_that_was_set_aside_is_told_once(
    contoso: OpenVault, theme: Theme, shown: Show, tmp_path: Path
) -> None:
    path = tmp_path / "prerequisites.json"
    path.write_text("{ half", encoding="utf-8")
    page = Page(theme, contoso, path)
    await shown(page.view)
    await until(lambda: contoso.notices.notices, what="the news")
    notice = contoso.notices.notices[0]
    assert notice.title == "The file with the checklist cannot be read"
    assert "prerequisites.damaged.json" in notice.text
    contoso.notices.withdraw(notice.key)
    page.view.refresh()
    await asyncio.sleep(0.05)
    assert contoso.notices.notices == ()
    await page.view.aclose()
    page.window.deleteLater()


async def test_ticks_before_there_was_a_vault_go_over_to_it(
    contoso: OpenVault, theme: Theme, shown: Show, tmp_path: Path
) -> None:
    page = Page(theme, contoso, tmp_path / "prerequisites.json", has_vault=False)
    await shown(page.view)
    row = (await page.open(Table.HOSTS))["hosts.role"]
    assert row.box is not None
    row.box.click()
    await until(lambda: "anna" in row.state.text, what="the tick to be kept")
    page.about = contoso.practice.vault
    page.view.refresh()
    await until(lambda: page.view.report.place == contoso.practice.vault.name, what="the vault")
    await until(lambda: page.view.report.marks, what="the marks")
    assert row.box.isChecked()
    await page.view.aclose()
    page.window.deleteLater()


# Keyboard and screen readers


async def test_every_control_has_a_name_and_a_tab_stop(page: Page) -> None:
    for table in (Table.AZURE, Table.HOSTS, Table.MACHINES):
        await page.open(table)
        controls = [each for each in page.view.findChildren(QAbstractButton) if each.isVisible()]
        assert controls
        assert not [each.objectName() for each in controls if not (each.accessibleName() or each.text())]
        assert not [
            each.objectName() for each in controls if not each.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
        ]


async def test_tab_key_goes_from_line_to_line(qtbot: QtBot, page: Page) -> None:
    rows = await page.open(Table.HOSTS)
    boxes = [row.box for row in rows.values()]
    assert boxes[0] is not None
    boxes[0].setFocus()
    qtbot.keyClick(boxes[0], Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is rows["hosts.system"].add_note
    qtbot.keyClick(rows["hosts.system"].add_note, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is boxes[1]


async def test_f6_goes_through_header_tabs_and_lines(page: Page) -> None:
    assert [region.isVisible() for region in page.view.regions()] == [True, True, True]


async def test_print_has_its_key(qtbot: QtBot, page: Page) -> None:
    page.view.tabs.setFocus()
    qtbot.keyClick(page.view.tabs, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    dialog = await until(lambda: page.view.findChild(QDialog, "print-dialog"), what="the dialog")
    dialog.close()


async def test_screen_readers_hear_what_is_needed_with_the_box(page: Page) -> None:
    row = (await page.open(Table.HOSTS))["hosts.dotnet"]
    assert row.box is not None
    assert row.accessibleName() == ".NET Framework"
    assert "4.6.2" in row.box.accessibleDescription()


# Addresses


async def test_addresses_are_copied_for_the_network_team(qtbot: QtBot, page: Page) -> None:
    page.view.tabs.setCurrentIndex(3)
    await until(page.view.addresses.request.copy.isVisible, what="the addresses")
    click(qtbot, page.view, "prerequisites-copy")
    text = QGuiApplication.clipboard().text()
    assert "*.hypervrecoverymanager.windowsazure.com" in text
    assert part(page.view, "prerequisites-copied").isVisible()
    assert says(page.view, "*.accesscontrol.windows.net")


async def test_other_cloud_has_other_addresses(qtbot: QtBot, page: Page) -> None:
    page.view.tabs.setCurrentIndex(3)
    await until(page.view.addresses.request.copy.isVisible, what="the addresses")
    click(qtbot, page.view, "prerequisites-cloud-government")
    assert says(page.view, "*.backup.windowsazure.us")
    assert not part(page.view, "prerequisites-copied").isVisible()
    click(qtbot, page.view, "prerequisites-copy")
    assert "login.microsoftonline.us" in QGuiApplication.clipboard().text()
    assert "login.microsoftonline.com" not in QGuiApplication.clipboard().text()


# Files and paper


@pytest.mark.parametrize(("number", "name"), [(0, "csv"), (1, "html"), (2, "md")])
async def test_file_is_saved_where_somebody_chose(page: Page, tmp_path: Path, number: int, name: str) -> None:
    page.picked = tmp_path
    page.view.build_export_menu().actions()[number].trigger()
    await until(lambda: page.vault.notices.notices, what="the file to be saved")
    text = (tmp_path / f"prerequisites.{name}").read_text(encoding="utf-8-sig")
    assert "SchUseStrongCrypto" in text
    assert page.vault.practice.vault.name in text


async def test_folder_that_refuses_is_told(page: Page, tmp_path: Path) -> None:
    page.picked = tmp_path / "nowhere"
    page.view.build_export_menu().actions()[0].trigger()
    await until(lambda: page.vault.notices.notices, what="the news")
    assert "can’t be saved" in page.vault.notices.notices[0].title


async def test_print_asks_for_a_printer(qtbot: QtBot, page: Page) -> None:
    click(qtbot, page.view, "prerequisites-print")
    dialog = part(page.view, "print-dialog")
    await until(dialog.isVisible, what="the dialog")
    dialog.close()


async def test_it_prints_on_a_few_sheets(page: Page, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "page.pdf"))
    print_on(printer, as_html(replace(page.view.report, place="asr <b>weu</b>")))
    data = (tmp_path / "page.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert 1 <= data.count(b"/Type /Page\n") <= 6


async def test_everything_in_order_says_so(page: Page) -> None:
    now = page.vault.services.clock.now()
    lines = page.vault.services.rules.prerequisites.lines
    for line in lines[:-1]:
        await page.checklist.tick(page.about, line.id, is_done=True, by="ben", at=now)
    page.view.refresh()
    await until(lambda: page.view.answer.text() == "1 point is open: 1 at the machines.", what="one to be left")
    await page.checklist.tick(page.about, lines[-1].id, is_done=True, by="ben", at=now)
    page.view.refresh()
    await until(lambda: page.view.answer.text() == "Everything is in order.", what="the last one")
