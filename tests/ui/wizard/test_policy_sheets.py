"""What can be done with a vault's policies: the list, its buttons with their reasons, and the sheets that they open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest
from msgspec import structs
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.arm_id import container_id, fabric_id
from app.domain.estate import Estate
from app.domain.fabric import Fabric
from app.domain.policy_rules import PolicyFigures, ServedMachine
from app.domain.protection import ProtectionContainer
from app.errors import Conflict, NotFound
from app.flows.action import Action, ActionKind
from app.flows.checks_replication import check_settings
from app.rules import load_rules
from tests.support import estates
from tests.support.mnemonics import mnemonic_of
from tests.support.waiting import until
from tests.support.wizard_page import OpenedPage
from ui.asking import NameConfirmation
from ui.tables.table_view import TableView
from ui.theme.theme import Theme
from ui.widgets.disclosure import Disclosure
from ui.widgets.labels import StatusLine
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.policy_rows import PolicyRow
from ui.wizard.pages.policy_sheet import PolicySheet
from ui.wizard.pages.removal_sheet import RemovalSheet
from ui.wizard.pages.served_machines import ServedMachines
from ui.wizard.pages.settings import SettingsPage
from ui.wizard.requests import CarryOut

Show = Callable[[QWidget], Awaitable[None]]

GOLD = estates.policy("Gold", copy_frequency_s=30, retention_h=24, app_h=6)
SPARE = estates.policy("Spare")
OLD = estates.policy("Old", copy_frequency_s=900)
NONSENSE = estates.policy("Nonsense", copy_frequency_s=24, retention_h=2, app_h=2)
ENCRYPTED = replace(estates.policy("Encrypted"), encryption="Enabled")
FOREIGN = replace(estates.policy("A2A"), kind="A2A")
NAMES = ("DC01", "WEB-01")
BRANCH = Fabric(fabric_id(estates.VAULT_ID, "Branch"), "Branch", "Branch", "HyperVSite", "branch")
BRANCH_CONTAINER = ProtectionContainer(
    container_id(BRANCH.id, "cloud_branch"), "cloud_branch", "Branch", "Branch", "HyperVSite"
)


def estate(**changes: object) -> Estate:
    used = tuple(
        structs.replace(estates.protected(estates.machine(name)), policy_id=GOLD.id.text.upper()) for name in NAMES
    )
    ground = estates.contoso()
    return replace(
        ground,
        **{  # type: ignore[arg-type]
            "policies": (GOLD, SPARE, OLD, NONSENSE, ENCRYPTED, FOREIGN),
            "mappings": (estates.mapping(GOLD),),
            "protected_items": used,
            "fabrics": (*ground.fabrics, BRANCH),
            "containers": (*ground.containers, BRANCH_CONTAINER),
            **changes,
        },
    )


class Opened(OpenedPage):
    def __init__(self, theme: Theme) -> None:
        self.page = SettingsPage(theme)
        self.sheet: ModalSheet | None = None
        self.page.sheet_opened.connect(self._keep)
        super().__init__(self.page, check_settings, estates.ready_draft(), estates.context(estate()))

    @property
    def table(self) -> TableView[PolicyRow]:
        return self.find(TableView, "settings-policies")

    def choose(self, name: str) -> None:
        self.table.select([row.key for row in self.table.model.records() if row.name == name])

    def cell(self, name: str, column_id: str) -> str:
        column = next(column for column in self.table.model.columns if column.id == column_id)
        return next(column.shown_text(row) for row in self.table.model.records() if row.name == name)

    def reason(self, name: str) -> str:
        refusal = self.find(ReasonedButton, name).refusal
        return "" if refusal is None else refusal.reason

    def open(self, qtbot: QtBot, name: str, button: str) -> None:
        self.choose(name)
        self.press(qtbot, button)

    @property
    def changing(self) -> PolicySheet:
        assert isinstance(self.sheet, PolicySheet)
        return self.sheet

    @property
    def planned(self) -> RemovalSheet:
        assert isinstance(self.sheet, RemovalSheet)
        return self.sheet

    def texts(self) -> str:
        """All that the open sheet says."""
        assert self.sheet is not None
        labels = [label.text() for label in self.sheet.findChildren(QLabel) if label.isVisibleTo(self.sheet)]
        return "\n".join(labels + [line.text for line in self.sheet.findChildren(StatusLine) if not line.isHidden()])

    def why_not(self) -> str:
        assert self.sheet is not None
        refusal = self.sheet.submit_button.refusal
        return "" if refusal is None else refusal.reason

    def actions(self) -> tuple[Action, ...]:
        request = self.requests[-1]
        assert isinstance(request, CarryOut)
        return request.actions

    def _keep(self, sheet: ModalSheet) -> None:
        sheet.setParent(self.root)
        self.sheet = sheet


@pytest.fixture
def opened(theme: Theme) -> Iterator[Opened]:
    page = Opened(theme)
    yield page
    page.root.deleteLater()


# The list


def test_each_policy_says_who_uses_it_where_and_what_is_wrong(opened: Opened) -> None:
    rows = [(opened.cell(name, "machines"), opened.cell(name, "sites")) for name in ("Gold", "Spare")]
    assert rows == [("2", "Contoso-HQ"), ("0", "–")]
    assert [opened.cell(policy.friendly_name, "state") for policy in (GOLD, OLD, NONSENSE, ENCRYPTED, FOREIGN)] == [
        "In use",
        "15 min is not offered any more",
        "Copy frequency is not offered",
        "Retired encryption",
        "Another kind",
    ]


def test_the_machines_of_a_policy_are_named_on_demand(opened: Opened, qtbot: QtBot) -> None:
    column = next(column for column in opened.table.model.columns if column.id == "machines")
    assert column.tooltip is not None
    gold = next(row for row in opened.table.model.records() if row.name == "Gold")
    assert column.tooltip(gold) == "DC01\nWEB-01"
    opened.open(qtbot, "Gold", "settings-machines")
    assert opened.sheet is not None
    table = opened.sheet.findChild(TableView)
    assert table is not None
    assert [row.name for row in table.model.records()] == list(NAMES)


def test_of_very_many_machines_those_of_note_are_listed_first_and_all_can_be_copied(theme: Theme) -> None:
    machines = [ServedMachine(f"VM-{number:04}") for number in range(1200)]
    machines.append(ServedMachine("ZZ-SQL", has_premium_storage=True))
    listed = ServedMachines(theme)
    listed.load(machines, PolicyFigures.of(GOLD), load_rules())
    rows = listed.table.model.records()
    assert (len(rows), rows[0].name, rows[0].warnings) == (1000, "ZZ-SQL", ("premium storage: not every 30 s",))
    assert listed.rest_text.startswith("The first 1,000 of 1,201 are listed")
    listed.findChild(QAbstractButton, "policy-copy-names").click()  # type: ignore[union-attr]
    assert QGuiApplication.clipboard().text().split() == [machine.name for machine in machines]
    listed.deleteLater()


def test_everything_that_is_wrong_with_the_chosen_policy_is_told(opened: Opened) -> None:
    opened.choose("Nonsense")
    told = opened.page._facts.issue_texts
    assert any("24 s is not offered" in text for text in told)
    assert any("never fits into 2 hours" in text for text in told)
    opened.choose("Encrypted")
    assert "can’t fail over" in opened.page._facts.issue_texts[0]


@pytest.mark.parametrize(
    ("name", "button", "reason"),
    [
        ("HQ-5min", "change", "Change it in the form below."),
        ("HQ-5min", "delete", "is created when you run"),
        ("A2A", "change", "not for Hyper-V to Azure"),
        ("A2A", "associate", "not for Hyper-V to Azure"),
        ("A2A", "delete", "not for Hyper-V to Azure"),
        ("Spare", "dissociate", "Spare is associated with no site."),
        ("Gold", "change", ""),
        ("Gold", "associate", ""),
        ("Gold", "dissociate", ""),
        ("Nonsense", "delete", ""),
    ],
)
def test_a_button_says_why_it_has_to_wait(opened: Opened, name: str, button: str, reason: str) -> None:
    opened.choose(name)
    told = opened.reason(f"settings-{button}")
    assert reason in told if reason else told == ""


def test_a_policy_that_every_site_has_cannot_be_associated_further(opened: Opened) -> None:
    opened.context = estates.context(estate(fabrics=estates.contoso().fabrics))
    opened.load()
    opened.choose("Gold")
    assert opened.reason("settings-associate") == "Gold is associated with Contoso-HQ already."


def test_letters_that_go_with_alt_are_given_once(opened: Opened) -> None:
    buttons = [button for button in opened.root.findChildren(QAbstractButton) if mnemonic_of(button)]
    labels = [label for label in opened.root.findChildren(QLabel) if label.buddy() is not None and mnemonic_of(label)]
    letters = [mnemonic_of(widget) for widget in (*buttons, *labels)]
    assert sorted(letters) == sorted(set(letters))
    assert not set(letters) & set("sbn")  # the footer's


# A change


def test_a_change_shows_each_figure_before_and_after_and_whom_it_touches(opened: Opened, qtbot: QtBot) -> None:
    opened.open(qtbot, "Gold", "settings-change")
    assert opened.why_not() == "All figures are as they are in Azure."
    type_into(opened, "policy-retention", "12")
    texts = opened.texts()
    assert "It touches 2 machines" in texts
    assert "Recovery points of 2 machines older than 12 h go, and don’t come back." in texts
    table = opened.changing.findChild(TableView)
    assert table is not None
    assert [row.name for row in table.model.records()] == list(NAMES)
    words = opened.changing.findChild(Disclosure, "policy-sent")
    assert words is not None
    assert f"PATCH {GOLD.id.text}" in words.text
    assert '"recoveryPointHistoryDuration": 12' in words.text
    assert opened.why_not() == ""


def test_a_change_is_carried_out_at_once_with_what_was_shown(opened: Opened, qtbot: QtBot) -> None:
    opened.open(qtbot, "Gold", "settings-change")
    type_into(opened, "policy-retention", "12")
    opened.changing.submitted.emit()
    (action,) = opened.actions()
    assert (action.kind, action.verb, action.target) == (ActionKind.CHANGE_POLICY, "patch", GOLD.id)
    assert action.body is not None
    assert action.body["replicationProviderSettings"]["recoveryPointHistoryDuration"] == 12
    assert action.expects is not None
    assert action.expects["recoveryPointHistoryDuration"] == 24
    assert "goes on" in opened.why_not()


def start_change(opened: Opened, qtbot: QtBot) -> CarryOut:
    """Have Gold keep its points for 12 hours, and see it being sent."""
    opened.open(qtbot, "Gold", "settings-change")
    type_into(opened, "policy-retention", "12")
    opened.changing.submitted.emit()
    request = opened.requests[-1]
    assert isinstance(request, CarryOut)
    opened.root.started(request)
    return request


def test_a_change_that_failed_can_be_tried_again(opened: Opened, qtbot: QtBot) -> None:
    request = start_change(opened, qtbot)
    opened.root.finished(request, Conflict("changed", "Gold was changed by somebody else.", "Look again."))
    assert "Gold was changed by somebody else." in opened.texts()
    assert opened.why_not() == ""


def test_what_somebody_else_changed_meanwhile_stays_and_is_the_new_before(opened: Opened, qtbot: QtBot) -> None:
    opened.open(qtbot, "Gold", "settings-change")
    type_into(opened, "policy-retention", "12")
    theirs = replace(GOLD, copy_frequency_s=300)
    opened.context = estates.context(estate(policies=(theirs, SPARE)))
    opened.load()
    assert "Somebody changed it meanwhile." in opened.texts()
    opened.changing.submitted.emit()
    (action,) = opened.actions()
    assert action.expects is not None
    assert action.expects["replicationInterval"] == 300
    assert action.body is not None
    sent = action.body["replicationProviderSettings"]
    assert (sent["replicationInterval"], sent["recoveryPointHistoryDuration"]) == (300, 12)


def test_a_figure_that_is_none_has_no_value_afterwards(opened: Opened, qtbot: QtBot) -> None:
    opened.open(qtbot, "Gold", "settings-change")
    type_into(opened, "policy-retention", "12")
    assert "12 h" in opened.texts().splitlines()
    type_into(opened, "policy-retention", "99")
    assert "12 h" not in opened.texts().splitlines()
    assert "–" in opened.texts().splitlines()


def test_a_policy_that_went_while_it_was_edited_says_so(opened: Opened, qtbot: QtBot) -> None:
    opened.open(qtbot, "Spare", "settings-change")
    opened.context = estates.context(estate(policies=(GOLD,)))
    opened.load()
    assert "not there any more" in opened.texts()
    assert opened.why_not()
    assert not opened.changing._form.isEnabled()


def test_what_no_figure_can_mend_is_told_above_the_figures(opened: Opened, qtbot: QtBot) -> None:
    opened.open(qtbot, ENCRYPTED.friendly_name, "settings-change")
    assert "It encrypts by the feature that Azure retired" in opened.texts()
    opened.open(qtbot, "Gold", "settings-change")
    assert "Azure retired" not in opened.texts()


def test_a_copy_frequency_that_is_not_offered_is_told_at_once(opened: Opened, qtbot: QtBot) -> None:
    opened.open(qtbot, "Nonsense", "settings-change")
    assert "is not offered." in opened.changing._form.fields["copy_frequency_s"].message
    picker = opened.changing._form._frequencies
    assert (picker.current_key, [option.key for option in picker.options if option.reason]) == ("24", ["24"])


def test_of_a_policy_that_went_nothing_is_announced_until_it_comes_again(opened: Opened, qtbot: QtBot) -> None:
    request = start_change(opened, qtbot)
    opened.root.finished(request, NotFound("gone", "Gold is not there any more", "Read the list anew."))
    assert "Gold is not there any more. Read the list anew." in opened.texts()
    opened.context = estates.context(estate(policies=(SPARE,)))
    opened.load()
    assert "This policy is not there any more." in opened.texts()
    assert "Gold is not there any more." not in opened.texts()
    assert "What will happen" not in opened.texts()
    opened.context = estates.context(estate())
    opened.load()
    assert "not there any more" not in opened.texts()
    assert (opened.why_not(), opened.changing._form.isEnabled()) == ("", True)


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("policy-retention", "25", "Keep recovery points for 0 to 24 hours."),
        ("policy-retention", "lots", "Keep recovery points for 0 to 24 hours."),
        ("policy-retention", "6", "never fits into 6 hours"),
        ("policy-app-consistent", "13", "Take one every 1 to 12 hours, or 0 for none."),
    ],
)
def test_figures_that_cannot_stand_are_not_sent(
    opened: Opened, qtbot: QtBot, field: str, text: str, reason: str
) -> None:
    opened.open(qtbot, "Gold", "settings-change")
    type_into(opened, field, text)
    assert reason in opened.why_not()
    opened.changing.submit_button.click()
    assert opened.requests == []


def test_an_old_copy_frequency_is_offered_only_where_it_is(opened: Opened, qtbot: QtBot) -> None:
    opened.open(qtbot, "Old", "settings-change")
    assert opened.changing._form.figures.copy_frequency_s == 900
    assert [option.key for option in opened.changing._form._frequencies.options] == ["30", "300", "900"]
    opened.open(qtbot, "Gold", "settings-change")
    assert [option.key for option in opened.changing._form._frequencies.options] == ["30", "300"]


def test_the_set_up_follows_the_figures_of_its_policy(opened: Opened, qtbot: QtBot) -> None:
    request = start_change(opened, qtbot)
    opened.context = estates.context(estate(policies=(replace(GOLD, retention_h=12),)))
    opened.load()
    opened.root.finished(request, object())
    assert "Done, and confirmed by Azure." in opened.texts()
    assert (opened.draft.policy.name, opened.draft.policy.retention_h) == ("Gold", 12)


def test_a_sheet_opened_again_while_its_run_is_under_way_starts_nothing(opened: Opened, qtbot: QtBot) -> None:
    start_change(opened, qtbot)
    opened.changing.close_sheet()
    opened.press(qtbot, "settings-change")
    assert "goes on" in opened.why_not()


def test_enter_on_a_policy_edits_it_and_on_the_new_one_nothing_opens(opened: Opened) -> None:
    for name, kind in (("HQ-5min", None), ("Gold", PolicySheet)):
        opened.choose(name)
        opened.table.opened.emit(next(row for row in opened.table.model.records() if row.name == name))
        assert type(opened.sheet) is (kind or type(None))


# Association, dissociation, deletion


def test_a_policy_is_associated_with_one_site_after_the_other_and_no_name_is_asked_for(
    opened: Opened, qtbot: QtBot
) -> None:
    opened.open(qtbot, "Spare", "settings-associate")
    buttons = [opened.planned.findChild(QAbstractButton, f"removal-way-{place}") for place in (0, 1)]
    assert [button.text() for button in buttons if button is not None] == ["Contoso-HQ", "Branch"]
    assert "Gold stays in use there" in opened.texts()
    buttons[1].click()  # type: ignore[union-attr]
    opened.planned.submitted.emit()
    (action,) = opened.actions()
    assert (action.kind, action.target.up_to("replicationFabrics")) == (ActionKind.ASSOCIATE_POLICY, BRANCH.id)


class _Windows(QObject):
    """What became a window of its own on screen, if only for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched)
        return False


def test_no_part_of_a_sheet_with_several_ways_flashes_up_as_a_window_and_takes_the_keyboard(
    opened: Opened, qtbot: QtBot, qapp: QApplication
) -> None:
    windows = _Windows()
    qapp.installEventFilter(windows)
    opened.open(qtbot, "Spare", "settings-associate")
    qapp.removeEventFilter(windows)
    ways = opened.planned.findChild(QAbstractButton, "removal-way-0")
    assert ways is not None
    assert ways.isVisibleTo(opened.planned)
    assert windows.shown == []


def test_a_site_is_offered_by_its_name_whatever_is_in_it(opened: Opened, qtbot: QtBot) -> None:
    fabrics = (*estates.contoso().fabrics, replace(BRANCH, friendly_name="R&D"))
    opened.context = estates.context(estate(fabrics=fabrics))
    opened.load()
    opened.open(qtbot, "Gold", "settings-associate")
    button = opened.planned.findChild(QAbstractButton, "removal-way-0")
    assert button is not None
    assert button.text() == "R&&D"


def test_machines_stand_by_name_against_dissociation_and_deletion(opened: Opened, qtbot: QtBot) -> None:
    for button in ("settings-dissociate", "settings-delete"):
        opened.open(qtbot, "Gold", button)
        assert "2 machines still replicate with it (DC01 and WEB-01)" in opened.why_not()


def test_a_policy_without_machines_is_dissociated_and_deleted_in_order_once_its_name_was_typed(
    opened: Opened, qtbot: QtBot
) -> None:
    opened.context = estates.context(estate(protected_items=()))
    opened.load()
    opened.open(qtbot, "Gold", "settings-delete")
    opened.planned.submitted.emit()
    assert opened.requests == []
    confirmation = opened.planned.findChild(NameConfirmation)
    assert confirmation is not None
    confirmation.edit.setText("gold")
    opened.planned.submitted.emit()
    dissociation, deletion = opened.actions()
    assert [dissociation.kind, deletion.kind] == [ActionKind.DISSOCIATE_POLICY, ActionKind.DELETE_POLICY]
    assert deletion.needs == (dissociation.id,)


# By keyboard alone


async def test_a_policy_is_chosen_and_changed_by_keyboard_alone(opened: Opened, qtbot: QtBot, shown: Show) -> None:
    await shown(opened.root)
    opened.table.grid.setFocus()
    for _ in range(len(opened.table.model.records())):
        if opened.draft.policy.name == "Gold":
            break
        qtbot.keyClick(opened.table.grid, Qt.Key.Key_Down)
    assert (opened.draft.policy.name, opened.draft.policy.create) == ("Gold", False)
    QTest.keyClick(focused(), Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    await until(lambda: opened.sheet is not None, what="the sheet that changes the policy")
    opened.changing.open_over(opened.root)
    assert focused().objectName() == "policy-copy-frequency"
    for _ in range(2):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused().objectName() == "policy-app-consistent"
    QTest.keyClicks(focused(), "4")
    QTest.keyClick(focused(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(focused(), "12")
    assert opened.changing._form.figures == PolicyFigures(30, 24, 12)
    while focused() is not opened.changing.submit_button:
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    assert [action.kind for action in opened.actions()] == [ActionKind.CHANGE_POLICY]
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert not opened.changing.isVisible()


# Helpers


def type_into(opened: Opened, name: str, text: str) -> None:
    assert opened.sheet is not None
    edit = opened.sheet.findChild(QLineEdit, name)
    assert edit is not None
    edit.selectAll()
    QGuiApplication.clipboard().setText(text)
    edit.paste()


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget
