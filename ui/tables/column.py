"""What one column of a table says and how it says it; nothing here draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt

from ui.theme.tokens import Status

R = TypeVar("R")

NOTHING = "–"
"""What a cell shows when there is no value; never blank."""


class Align(Enum):
    """Text stands left; figures and times stand right, so that their units line up."""

    LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class StatusLook(Enum):
    """How loud a status is.

    CHIP fills a chip for what wants action and stays quiet for the rest; WORD has an icon and a word, never a fill;
    TINT colours the word alone, for a value such as an age that has become too old.
    """

    CHIP = "chip"
    WORD = "word"
    TINT = "tint"


@dataclass(frozen=True)
class TextEdit(Generic[R]):
    """Makes a cell editable as text: `apply` returns the record with the new text in it, `read` what to start from.

    `check` returns what is wrong with a text, or "" when it may stand; a wrong text is never written. With
    `keeps_wrong` it is: the record then shows it and says what is wrong, so that nothing typed is lost.
    """

    read: Callable[[R], str]
    apply: Callable[[R, str], R]
    check: Callable[[R, str], str] = lambda record, text: ""
    keeps_wrong: bool = False


@dataclass(frozen=True)
class ChoiceEdit(Generic[R]):
    """Makes a cell editable by picking one of `choices(record)`; a text that is none of them is refused."""

    read: Callable[[R], str]
    apply: Callable[[R, str], R]
    choices: Callable[[R], Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Column(Generic[R]):
    """One column, declared once: the model asks it for words, the delegate for the rest.

    Attributes:
        id: what layouts, sorting and tests call it; never shown.
        text: the words of the cell, plain; "" is shown as a dash.
        sort_key: a raw value that compares with its like, None sorts last; without it the text sorts, ignoring case.
        width: in characters of the body font, so that it follows the font and the scale.
        stretch: takes a share of what room is left over, by its width.
        yields: gives its room up where the table is too narrow for all columns, the last one first.
        status, status_look: draws the text as a status; None for a record leaves it plain.
        icon: the concept of an icon before the text, as `ui.theme.icons` names it; a status brings its own where this
            gives none.
        fraction: 0 to 1 draws a progress bar before the text; None draws none.
        series: numbers drawn as a small curve before the text, oldest first.
        accessible: what a screen reader says if the text alone would not do.
        copied: what the clipboard gets if it is not the text.
        searchable: whether the filter box looks at it; ages and counts are better left out.
        optional: the person may hide it; `shown` says whether it starts out visible.
    """

    id: str
    title: str
    text: Callable[[R], str]
    sort_key: Callable[[R], Any] | None = None
    align: Align = Align.LEFT
    width: int = 16
    stretch: bool = False
    yields: bool = False
    status: Callable[[R], Status | None] | None = None
    status_look: StatusLook = StatusLook.CHIP
    icon: Callable[[R], str] | None = None
    fraction: Callable[[R], float | None] | None = None
    series: Callable[[R], Sequence[float]] | None = None
    tooltip: Callable[[R], str] | None = None
    accessible: Callable[[R], str] | None = None
    copied: Callable[[R], str] | None = None
    strong: bool = False
    searchable: bool = True
    optional: bool = True
    shown: bool = True
    edit: TextEdit[R] | ChoiceEdit[R] | None = None

    def shown_text(self, record: R) -> str:
        return self.text(record) or NOTHING

    def order(self, record: R) -> Any:
        """The value to sort by; None goes last in both directions."""
        if self.sort_key is not None:
            return self.sort_key(record)
        return self.text(record).casefold() or None


@dataclass(frozen=True, slots=True)
class Group:
    """A head that stands above its records, such as "Not suitable, 5 of 7"; groups keep the order they are given in."""

    id: str
    title: str
    icon: str = ""
    status: Status = Status.NEUTRAL
    note: str = ""
