"""Tables to look at: `python tests/support/table_specimen.py DIR` leaves pictures of all states in both themes."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from ui.busy import Failure, Waiting
from ui.notices import NoticeAction
from ui.tables.column import Align, ChoiceEdit, Column, Group, StatusLook, TextEdit
from ui.tables.filter_bar import FilterBar
from ui.tables.grid_view import Ring
from ui.tables.record_model import Checks, RecordTableModel
from ui.tables.row_filter import Facet, FacetOption, RowFilter
from ui.tables.states import Message, Step
from ui.tables.table_view import TableView
from ui.theme.theme import Appearance, Theme
from ui.theme.tokens import Space, Status
from ui.widgets.buttons import Kind


@dataclass(frozen=True, slots=True)
class Item:
    """A replicated item as a list shows it."""

    name: str
    health: str = "Healthy"
    state: str = "Protected"
    rpo_min: int | None = 4
    drill_days: int | None = 31
    curve: tuple[float, ...] = (4, 5, 4, 6, 4, 5, 5, 4, 4, 6, 5, 4)
    progress: float | None = None
    size: str = "Standard_D2s_v5"
    reason: str = ""


HEALTH = {
    "Healthy": Status.OK,
    "Warning": Status.WARNING,
    "Critical": Status.CRITICAL,
    "Not applicable": Status.NEUTRAL,
}
STATE = {"Protected": Status.OK, "Resync needed": Status.CRITICAL, "Stopped": Status.CRITICAL}
NAMES = "DC01 DC02 SQL-PROD-01 SQL-PROD-02 FS02 WEB-01 WEB-02 WEB-03 WEB-04 APP-PAYROLL APP-CRM LNX-GIT PRINT01 HIST-01"
SIZES = ("Standard_B2ms", "Standard_D2s_v5", "Standard_D4s_v5", "Standard_E8s_v5")


def items() -> list[Item]:
    """Thirty machines, a few of them in need of care."""
    names = NAMES.split() + [f"BRANCH-FILES-{n:02}" for n in range(1, 17)]
    care = {
        "SQL-PROD-01": Item("SQL-PROD-01", "Warning", rpo_min=47, drill_days=0),
        "SQL-PROD-02": Item("SQL-PROD-02", "Critical", "Resync needed", 1560, 203, (1, 1, 1, 1, 3, 6, 9, 12, 16)),
        "FS02": Item("FS02", state="First copy 43 %", rpo_min=None, drill_days=None, curve=(), progress=0.43),
        "APP-PAYROLL": Item(
            "APP-PAYROLL", "Critical", "Stopped", 312, 412, (1, 1, 1, 1, 2, 5, 8), reason="OS disk too large"
        ),
        "LNX-GIT": Item("LNX-GIT", "Warning", drill_days=88, reason="Name has a space"),
        "HIST-01": Item("HIST-01", "Not applicable", "Runs in Azure", None, None, ()),
    }
    return [care.get(name, Item(name)) for name in names]


def age(minutes: int | None) -> str:
    """A span in short words."""
    if minutes is None:
        return ""
    return f"{minutes} min" if minutes < 60 else f"{minutes / 60:.1f} h" if minutes < 1440 else f"{minutes // 60} h"


NAME = Column[Item](id="name", title="Machine", text=lambda i: i.name, width=15, optional=False, stretch=True)
HEALTH_COLUMN = Column[Item](
    id="health",
    title="Health",
    text=lambda i: i.health,
    sort_key=lambda i: list(HEALTH).index(i.health),
    status=lambda i: HEALTH[i.health],
    width=13,
)
RPO = Column[Item](
    id="rpo",
    title="RPO",
    text=lambda i: age(i.rpo_min),
    sort_key=lambda i: i.rpo_min,
    align=Align.RIGHT,
    width=15,
    series=lambda i: i.curve,
    searchable=False,
)
PLAIN_RPO = Column[Item](
    id="rpo", title="RPO", text=lambda i: age(i.rpo_min), sort_key=lambda i: i.rpo_min, align=Align.RIGHT, width=7
)
COLUMNS = (
    NAME,
    HEALTH_COLUMN,
    Column[Item](
        id="state",
        title="State",
        text=lambda i: i.state,
        status=lambda i: STATE.get(i.state, Status.INFO),
        status_look=StatusLook.WORD,
        width=15,
    ),
    RPO,
    Column[Item](
        id="copy",
        title="First copy",
        text=lambda i: f"{i.progress:.0%}" if i.progress is not None else "",
        sort_key=lambda i: i.progress,
        fraction=lambda i: i.progress,
        align=Align.RIGHT,
        width=15,
    ),
    Column[Item](
        id="drill",
        title="Last drill",
        text=lambda i: "Never" if i.drill_days is None else f"{i.drill_days} d ago" if i.drill_days else "Today",
        sort_key=lambda i: i.drill_days,
        status=lambda i: Status.WARNING if (i.drill_days or 0) > 180 or i.drill_days is None else None,
        status_look=StatusLook.TINT,
        searchable=False,
        width=10,
    ),
)
GRID_COLUMNS = (
    NAME,
    Column[Item](
        id="ready",
        title="Readiness",
        text=lambda i: i.reason or "Ready",
        status=lambda i: Status.OK if not i.reason else Status.CRITICAL if "disk" in i.reason else Status.WARNING,
        width=19,
    ),
    Column[Item](id="system", title="System", text=lambda i: "Server 2022", icon=lambda i: "windows", width=13),
    Column[Item](
        id="azure",
        title="Azure name",
        text=lambda i: i.name.lower(),
        edit=TextEdit(lambda i: i.name.lower(), lambda i, text: i, lambda i, text: ""),
    ),
    Column[Item](
        id="size",
        title="Size",
        text=lambda i: i.size,
        edit=ChoiceEdit(lambda i: i.size, lambda i, text: Item(i.name, size=text), lambda i: SIZES),
    ),
)
NARROW = (NAME, HEALTH_COLUMN, PLAIN_RPO)
EMPTY = Message(
    "not_protected",
    "Nothing is protected yet",
    "The vault has a site and four hosts with 31 machines. Choose which of them to protect.",
    (
        Step("Enable replication…", lambda: None, "replicated_items", Kind.PRIMARY),
        Step("Learn it in the practice vault", lambda: None, kind=Kind.LINK),
    ),
)


def items_table(theme: Theme) -> TableView[Item]:
    """A list with selection, filter and facets, as on the page of replicated items."""
    facets = (Facet[Item]("health", "Health", lambda i: i.health), Facet[Item]("state", "State", lambda i: i.state))
    model = RecordTableModel(COLUMNS, lambda i: i.name, facets=facets, checks=Checks.SELECTION)
    table = TableView(theme, model, name="items", empty=EMPTY)
    table.top.addWidget(FilterBar(theme, model, placeholder="Name, host, policy or state"))
    table.set_records(items())
    table.grid.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    table.select(["WEB-01", "WEB-02", "WEB-03"])
    return table


def choice_table(theme: Theme) -> TableView[Item]:
    """An editable grid with a choice, groups and a current row."""
    options = (FacetOption("Ready", Status.OK), FacetOption("Warnings", Status.WARNING))
    facet = Facet[Item]("ready", "Readiness", lambda i: "Warnings" if i.reason else "Ready", options, as_pills=True)
    groups = (
        Group("yes", "Suitable", "ok", Status.OK),
        Group("no", "Not suitable", "not_suitable", note="each with its reason"),
    )
    model = RecordTableModel(
        GRID_COLUMNS,
        lambda i: i.name,
        groups=groups,
        group_of=lambda i: "no" if "disk" in i.reason else "yes",
        facets=(facet,),
        checks=Checks.CHOICE,
        can_choose=lambda i: "disk" not in i.reason,
        is_muted=lambda i: "disk" in i.reason,
    )
    table = TableView(theme, model, name="grid", empty=EMPTY, ring=Ring.CELL)
    table.top.addWidget(FilterBar(theme, model, placeholder="Filter by name, system or reason"))
    table.set_records(items()[:12])
    model.choose([item.name for item in items()[:9]])
    table.grid.make_current("SQL-PROD-01", "size")
    return table


def states(theme: Theme) -> QWidget:
    """The five states side by side."""
    tables = [
        TableView(theme, RecordTableModel(NARROW, lambda i: i.name), name=f"state_{n}", empty=EMPTY) for n in range(6)
    ]
    empty, loading, failed, filtered, stale, reading = tables
    empty.set_records([])
    loading.show_veil()
    loading.show_waiting(Waiting("Reading replicated items", 4, lambda: None, 3600, 10_000))
    actions = (NoticeAction("Enter password…", lambda: None), NoticeAction("Try again", lambda: None))
    failed.show_failure(
        Failure("The vault could not be reached", "The proxy proxy.contoso.com asks for a password.", actions)
    )
    filtered.set_records(items())
    filtered.model.set_filter(RowFilter("payrol-x"))
    stale.set_records(items()[:5])
    stale.show_stale("Last read 26 min ago, at 09:16. The line to Azure is down.", lambda: None)
    reading.set_records(items()[:5])
    reading.show_veil()
    reading.show_waiting(Waiting("Reading replicated items", 4, lambda: None, 3600, 10_000))
    page = QWidget()
    page.setProperty("surface", "content")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    grid = QGridLayout(page)
    grid.setSpacing(Space.L)
    for place, table in enumerate(tables):
        grid.setColumnStretch(place % 3, 1)
        grid.addWidget(table, place // 3, place % 3)
    return page


def contrast_palette() -> QPalette:
    """A high contrast scheme such as Windows has."""
    palette = QPalette(Qt.GlobalColor.black)
    for role, color in (
        (QPalette.ColorRole.WindowText, "#FFFFFF"),
        (QPalette.ColorRole.Highlight, "#8EE3F0"),
        (QPalette.ColorRole.HighlightedText, "#000000"),
        (QPalette.ColorRole.Link, "#8EE3F0"),
    ):
        palette.setColor(role, color)
    return palette


def main(folder: Path) -> None:
    """Draw every specimen in every theme."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    theme = Theme(app, Appearance.LIGHT, motion=False, contrast_palette=contrast_palette())
    sizes = {"items": (960, 560), "grid": (1040, 560), "states": (1100, 690)}
    for appearance in (Appearance.LIGHT, Appearance.DARK, Appearance.CONTRAST):
        theme.set_appearance(appearance)
        for build, name in ((items_table, "items"), (choice_table, "grid"), (states, "states")):
            widget = build(theme)
            widget.resize(*sizes[name])
            widget.show()
            table = widget if isinstance(widget, TableView) else None
            if table is not None:
                widget.activateWindow()
                app.processEvents()
                table.grid.clearFocus()
                table.grid.setFocus(Qt.FocusReason.TabFocusReason)
                if name == "items":
                    table.grid.make_current("WEB-03")
            app.processEvents()
            widget.grab().save(str(folder / f"{name}-{appearance}.png"))
            widget.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
