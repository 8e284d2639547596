"""The smaller parts: what they say, to the eye and to a screen reader, and what they hear from the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from tests.support.waiting import until
from ui.theme.tokens import Status
from ui.widgets.buttons import Button, IconButton
from ui.widgets.charts import Donut, HealthBar, Segment
from ui.widgets.chip import Chip
from ui.widgets.choice import CheckBox, RadioButton
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.facts_box import Pairs
from ui.widgets.labels import Text
from ui.widgets.line_edit import SearchBox
from ui.widgets.picker import Option, Picker
from ui.widgets.step_rail import RailStep, StepRail, StepState
from ui.widgets.tile import Tile

NETWORKS = (
    Option("core", "vnet-dr-weu", "10.60.0.0/16"),
    Option("north", "vnet-dr-neu", "10.61.0.0/16", reason="In North Europe"),
    Option("drill", "vnet-drill-weu", "isolated"),
)


@pytest.fixture
def picker(theme, qtbot) -> Picker:
    picker = Picker(theme, placeholder="Choose a network")
    qtbot.addWidget(picker)
    picker.set_options(NETWORKS)
    return picker


async def test_picker_skips_what_does_not_suit(picker, shown, qtbot) -> None:
    await shown(picker)
    picked = []
    picker.picked.connect(picked.append)
    picker.set_current("core")
    qtbot.keyClick(picker, Qt.Key.Key_Down)
    assert picked == ["drill"]
    assert picker.current_key == "drill"


def test_picker_keeps_its_choice_across_a_refresh(picker) -> None:
    picker.set_current("drill")
    picker.set_options([Option("new", "vnet-new"), *NETWORKS])
    assert picker.current_key == "drill"
    picker.set_options(NETWORKS[:2])
    assert picker.current_key is None


def test_picker_tells_the_reason_to_a_screen_reader(picker) -> None:
    told = picker.itemData(1, Qt.ItemDataRole.AccessibleTextRole)
    assert told == "vnet-dr-neu, 10.61.0.0/16, In North Europe"


async def test_rail_opens_only_steps_that_may_be_opened(theme, shown, qtbot) -> None:
    rail = StepRail(theme, "Set up replication")
    rail.set_steps(
        [
            RailStep("goal", "Protection goal", StepState.DONE, 1, lines=("Hyper-V, no VMM, to Azure",)),
            RailStep("source", "Source", StepState.NEEDS_WORK, 2, lines=("No host answers",)),
            RailStep("enable", "Enable replication", StepState.LATER, 6, is_open_to=False),
        ]
    )
    rail.set_current("source")
    rail.resize(rail.width(), 600)
    await shown(rail)
    chosen = []
    rail.step_chosen.connect(chosen.append)
    for step_id in ("goal", "enable"):
        qtbot.mouseClick(rail.item(step_id), Qt.MouseButton.LeftButton)
    assert chosen == ["goal"]
    assert rail.item("goal").accessibleDescription() == "done, Hyper-V, no VMM, to Azure"
    assert rail.item("source").accessibleDescription() == "open now, No host answers"


def test_rail_keeps_its_items_when_only_their_state_changes(theme, qtbot) -> None:
    rail = StepRail(theme, "Set up replication")
    qtbot.addWidget(rail)
    rail.set_steps([RailStep("goal", "Protection goal")])
    kept = rail.item("goal")
    rail.set_steps([RailStep("goal", "Protection goal", StepState.DONE, 1)])
    assert rail.item("goal") is kept


async def test_rail_has_the_open_step_in_sight(theme, shown) -> None:
    rail = StepRail(theme, "Set up replication")
    rail.setFixedHeight(240)
    await shown(rail)
    rail.set_steps([RailStep(f"step-{number}", f"Step {number}") for number in range(9)])
    rail.set_current("step-8")
    await until(lambda: not rail.item("step-8").visibleRegion().isEmpty(), what="the open step in sight")


async def test_tab_leads_from_the_fields_of_a_docked_sheet_to_its_buttons(theme, shown, qtbot) -> None:
    sheet = DockedSheet(theme, "New storage account")
    first, last = QLineEdit(), QLineEdit()
    sheet.body.addWidget(first)
    sheet.body.addWidget(last)
    await shown(sheet)
    first.setFocus()
    stops = []
    for _ in range(4):
        qtbot.keyClick(sheet.focusWidget(), Qt.Key.Key_Tab)
        stops.append(sheet.focusWidget())
    assert stops == [last, sheet.cancel_button, sheet.submit_button, sheet.close_button]


async def test_docked_sheet_goes_with_escape(theme, shown, qtbot) -> None:
    sheet = DockedSheet(theme, "New storage account")
    await shown(sheet)
    left = []
    sheet.cancelled.connect(lambda: left.append(True))
    qtbot.keyClick(sheet.submit_button, Qt.Key.Key_Escape)
    assert left == [True]


async def test_search_box_is_cleared_and_then_left_with_escape(theme, shown, qtbot) -> None:
    box = SearchBox(theme, "Name, host or state")
    await shown(box)
    left = []
    box.left.connect(lambda: left.append(True))
    qtbot.keyClicks(box, "payrol")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert (box.text(), left) == ("", [])
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert left == [True]


def test_pictures_tell_their_figures_in_words(theme, qtbot) -> None:
    segments = (
        Segment(Status.OK, 18, "ready"),
        Segment(Status.CRITICAL, 0, "critical"),
        Segment(Status.WARNING, 3, "weak"),
    )
    for picture in (HealthBar(theme), Donut(theme)):
        qtbot.addWidget(picture)
        picture.set_segments(*((segments,) if isinstance(picture, HealthBar) else (segments, "items")))
        assert picture.accessibleName() == "18 ready, 3 weak"


def test_quiet_chip_is_narrower_than_one_that_wants_action(theme, qtbot) -> None:
    quiet, loud = Chip(theme, Status.OK, "Healthy"), Chip(theme, Status.WARNING, "Healthy")
    for chip in (quiet, loud):
        qtbot.addWidget(chip)
    assert quiet.sizeHint().width() < loud.sizeHint().width()


def test_nothing_is_a_dash_and_labels_keep_their_place(theme, qtbot) -> None:
    pairs = Pairs([("Address", ""), ("Policy", "HQ-5min")])
    qtbot.addWidget(pairs)
    values = [text for text in pairs.findChildren(Text) if text.text() in ("–", "HQ-5min")]
    pairs.set_pairs([("Address", "10.60.0.10"), ("Policy", "HQ-5min")])
    assert [text.text() for text in values] == ["10.60.0.10", "HQ-5min"]


def test_names_from_outside_are_never_markup(qtbot) -> None:
    text = Text("<b>DC01</b> & co")
    qtbot.addWidget(text)
    assert text.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize("kind", [CheckBox, RadioButton])
async def test_words_wrap_and_the_whole_row_is_pressed(kind, theme, shown, qtbot) -> None:
    window = QWidget()
    box = kind(theme, "SQL-PROD-01 changes 21 MB/s at night. Its RPO may pass 15 min between 01:00 and 03:00.")
    layout = QVBoxLayout(window)
    layout.addWidget(box)
    window.resize(260, 200)
    await shown(window)
    assert box.heightForWidth(240) > box.heightForWidth(600)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().bottomRight() / 2)
    assert box.isChecked()


async def test_tile_opens_from_anywhere(theme, shown, qtbot) -> None:
    tile = Tile(theme, "hosts", "Hosts", link="Show hosts")
    tile.set_answer("3", "of 4 connected")
    await shown(tile)
    opened = []
    tile.opened.connect(lambda: opened.append(True))
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(tile.link, Qt.MouseButton.LeftButton)
    assert opened == [True, True]
    assert tile.accessibleDescription() == "3 of 4 connected"


def test_button_without_a_word_has_a_name(theme, qtbot) -> None:
    button = IconButton(theme, "close", "Close")
    qtbot.addWidget(button)
    interface = QAccessible.queryAccessibleInterface(button)
    assert interface.text(QAccessible.Text.Name) == "Close"
    assert button.toolTip() == "Close"


def test_small_buttons_are_28_and_the_others_32_high(theme, qtbot) -> None:
    small, usual = Button(theme, "Watch", small=True), Button(theme, "Watch")
    for button in (small, usual):
        qtbot.addWidget(button)
    assert (small.sizeHint().height(), usual.sizeHint().height()) == (28, 32)
