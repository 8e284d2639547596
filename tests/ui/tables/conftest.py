"""A small table of machines, under Qt's own model tester, and a theme to draw it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from ui.tables.column import Align, ChoiceEdit, Column, Group, TextEdit
from ui.tables.grid_view import Ring
from ui.tables.layout_memory import LayoutStore
from ui.tables.record_model import Checks, RecordTableModel
from ui.tables.row_filter import Facet
from ui.tables.states import Message
from ui.tables.table_view import TableView
from ui.theme.theme import Appearance, Theme
from ui.theme.tokens import Status

SIZES = ("Standard_B2ms", "Standard_D2s_v5", "Standard_E8s_v5")


@dataclass(frozen=True, slots=True)
class Machine:
    """A record of the tests; the id is its key."""

    id: int
    name: str = ""
    health: str = "Healthy"
    rpo_min: int | None = 4
    size: str = SIZES[0]


COLUMNS = (
    Column[Machine](id="name", title="Machine", text=lambda m: m.name, optional=False, stretch=True),
    Column[Machine](
        id="health",
        title="Health",
        text=lambda m: m.health,
        status=lambda m: Status.OK if m.health == "Healthy" else Status.CRITICAL,
    ),
    Column[Machine](
        id="rpo",
        title="RPO",
        text=lambda m: "" if m.rpo_min is None else f"{m.rpo_min} min",
        sort_key=lambda m: m.rpo_min,
        align=Align.RIGHT,
        searchable=False,
        series=lambda m: (1.0, 2.0, float(m.rpo_min or 0)),
    ),
)
EDITABLE = (
    Column[Machine](
        id="name",
        title="Azure name",
        text=lambda m: m.name,
        edit=TextEdit(
            lambda m: m.name, lambda m, text: replace(m, name=text), lambda m, text: "Write a name." if not text else ""
        ),
    ),
    Column[Machine](
        id="size",
        title="Size",
        text=lambda m: m.size,
        edit=ChoiceEdit(lambda m: m.size, lambda m, text: replace(m, size=text), lambda m: SIZES),
    ),
)
EMPTY = Message("machine", "Nothing is protected yet", "Choose machines to protect.")
HEALTH = Facet[Machine]("health", "Health", lambda m: m.health)


def machines(count: int) -> list[Machine]:
    return [Machine(number, f"VM-{number:03}") for number in range(count)]


MakeModel = Callable[..., RecordTableModel[Machine]]
MakeTable = Callable[..., TableView[Machine]]


@pytest.fixture
def make_model(qapp: QApplication) -> Iterator[MakeModel]:
    """Models that Qt's tester watches at every signal."""
    testers = []

    def make(columns: tuple[Column[Machine], ...] = COLUMNS, **options: Any) -> RecordTableModel[Machine]:
        model = RecordTableModel(columns, lambda m: m.id, facets=(HEALTH,), **options)
        mode = QAbstractItemModelTester.FailureReportingMode.Fatal
        testers.append(QAbstractItemModelTester(model, mode))
        return model

    yield make
    for tester in testers:
        tester.deleteLater()


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(qapp, Appearance.LIGHT, motion=False)
    yield theme
    theme.deleteLater()


@pytest.fixture
def make_table(theme: Theme, make_model: MakeModel) -> Iterator[MakeTable]:
    """Shown tables of a size in which about ten rows fit."""
    tables = []

    def make(
        columns: tuple[Column[Machine], ...] = COLUMNS,
        *,
        ring: Ring = Ring.ROW,
        store: LayoutStore | None = None,
        **options: Any,
    ) -> TableView[Machine]:
        options.setdefault("checks", Checks.SELECTION)
        model = make_model(columns, **options)
        table = TableView(theme, model, name="machines", empty=EMPTY, ring=ring, store=store)
        table.resize(700, 400)
        table.show()
        table.activateWindow()
        tables.append(table)
        return table

    yield make
    for table in tables:
        table.close()
        table.deleteLater()


SUITABLE = Group("yes", "Suitable")
UNSUITABLE = Group("no", "Not suitable", note="each with its reason")
