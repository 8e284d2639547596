"""The line of what must not be moved: folded, opened, and above it what was moved all the same."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.arm_id import storage_account_id
from app.flows.no_moves import no_moves
from tests.support import estates
from ui.theme.theme import Theme
from ui.widgets.labels import StatusLine, Text
from ui.wizard.pages.no_moves_note import NoMovesNote

ITEM = msgspec.structs.replace(
    estates.protected(estates.machine("WEB-01")), storage_account_id=estates.storage().id.text
)


@pytest.fixture
def note(theme: Theme, qtbot: QtBot) -> NoMovesNote:
    note = NoMovesNote(theme)
    qtbot.addWidget(note)
    return note


def test_it_opens_to_every_entry_with_reason_and_way_out(note: NoMovesNote, qtbot: QtBot) -> None:
    context = estates.context(estates.contoso(protected_items=(ITEM,)))
    note.load(context)
    assert (note.is_open, note.moved_text) == (False, "")

    qtbot.mouseClick(note.head, Qt.MouseButton.LeftButton)
    assert note.is_open
    words = " ".join(text.text() for text in note.findChildren(Text))
    for entry in no_moves(context.rules):
        assert entry.what in words
        assert f"{entry.why} Instead: {entry.instead}" in words

    qtbot.mouseClick(note.head, Qt.MouseButton.LeftButton)
    assert not note.is_open


def test_what_was_moved_is_told_and_goes_once_it_is_back(note: NoMovesNote) -> None:
    there = replace(estates.storage(), id=storage_account_id(estates.SUBSCRIPTION, "rg-moved", estates.storage().name))

    note.load(estates.context(estates.contoso(protected_items=(ITEM,), storage_accounts=(there,))))
    assert "was moved from the resource group rg-contoso-dr to rg-moved" in note.moved_text
    assert "Move it back to rg-contoso-dr" in note.moved_text

    note.load(estates.context(estates.contoso(protected_items=(ITEM,))))
    assert note.moved_text == ""
    assert len(note.findChildren(StatusLine)) >= 1
