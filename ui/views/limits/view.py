"""Limits and figures: which documents things are judged by, and files that stand in for the program's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QScrollArea, QVBoxLayout, QWidget

from app.domain.profiles import PROFILE_MONTHS
from app.errors import AppError
from app.services.limits import Limits
from ui.asking import Asking, Question
from ui.calls import Calls
from ui.notices import Notice, NoticeHub
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Status, TextStyle
from ui.turns import Turns
from ui.views.limits.differences import DifferencesCard
from ui.views.limits.left_out import follow_left_out
from ui.views.limits.table_row import TableRow
from ui.views.limits.words import about_profile, title_of
from ui.widgets.card import Card
from ui.widgets.choice import RadioButton
from ui.widgets.labels import Text
from ui.widgets.line_grid import divided
from ui.widgets.page import Page

_FILES = "TOML (*.toml)"
_DONE = "limits.done"


class LimitsView(QWidget):
    """What is chosen here holds at once, in every connection."""

    def __init__(self, theme: Theme, limits: Limits, notices: NoticeHub, asking: Asking) -> None:
        super().__init__()
        self.setObjectName("page-limits")
        self._theme = theme
        self._limits = limits
        self._notices = notices
        self._asking = asking
        self._calls = Calls(self, notices)
        self._turns = Turns(self)
        self._leading = Turns(self)
        self.rows: dict[str, TableRow] = {}
        self.choices: dict[str, RadioButton] = {}
        self._group = QButtonGroup(self)
        purpose = self.tr("What machines, accounts, networks and policies are judged by, and where that comes from")
        self.page = Page(self.tr("Limits and figures"), purpose, scrolls=True)
        self._tables = Card(self.tr("Files"), self.tr("Any can be replaced by a newer one"), flush=True)
        self.differences = DifferencesCard(theme, limits.differences)
        self._build()
        stop = limits.subscribe(self._show)
        self.destroyed.connect(stop)
        self._show()
        self._turns.begin(*(partial(self._add_row, table.name) for table in limits.tables))

    def set_banners(self, banners: QWidget) -> None:
        self.page.set_banners(banners)

    def first_focus(self) -> QWidget:
        """The chosen profile."""
        return self.choices[self._limits.profile]

    def _build(self) -> None:
        card = Card(self.tr("Support limits"))
        about = self.tr("Microsoft’s documents of different times disagree. Judge by those of:")
        card.body.addWidget(Text(about, wrap=True))
        for rules in self._limits.profiles:
            profile = rules.profile
            button = self.choices[profile] = RadioButton(self._theme, PROFILE_MONTHS[profile], " ")
            button.setObjectName(f"limits-profile-{profile}")
            button.clicked.connect(partial(self._choose, profile))
            self._group.addButton(button)
            card.body.addWidget(button)
        note = self.tr(
            "The set-up is judged anew at once. Where the others would judge otherwise, it says so. "
            "Nothing that replicates already is changed."
        )
        card.body.addWidget(Text(note, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        for part in (card, self.differences, self._tables):
            self.page.body.addWidget(part)
        self.page.body.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def _add_row(self, name: str) -> None:
        row = self.rows[name] = TableRow(self._theme, name)
        row.replace_requested.connect(lambda: self._replace(name))
        row.restore_requested.connect(lambda: self._restore(name))
        row.copy_requested.connect(lambda: self._save_copy(name))
        self._show_row(row)
        self._tables.body.addWidget(row if len(self.rows) == 1 else divided(row))

    def _show(self) -> None:
        for rules in self._limits.profiles:
            button, source = self.choices[rules.profile], rules.machines.source
            document = self.tr("{0}, {1}.").format(source.document, source.as_of)
            button.set_detail(f"{about_profile(rules.profile)} {document}")
            button.setChecked(rules.profile == self._limits.profile)
        for row in self.rows.values():
            self._show_row(row)
        self.differences.refresh()
        follow_left_out(self._limits, self._notices)

    def _show_row(self, row: TableRow) -> None:
        row.show_table(next(each for each in self._limits.tables if each.name == row.name))

    # Doing

    def _choose(self, profile: str, *_: object) -> None:
        doing = self.tr("Saving the choice")
        self._calls.run("choose", lambda: self._limits.choose(profile), doing=doing, on_result=lambda _: self._show())

    def _replace(self, name: str) -> None:
        title = self.tr("Limits for: {}").format(title_of(name))

        async def replace() -> Path | None:
            path = await self._asking.open_file(title, _FILES)
            if path is None:
                return None
            checked = await self._limits.look_at(name, path)
            if checked.doubts and not await self._asking.confirm(self._doubt(path, checked.doubts)):
                return None
            await self._limits.replace(checked)
            return path

        self._run(name, replace, self.tr("{}: your file is used from now on"))

    def _doubt(self, path: Path, doubts: tuple[str, ...]) -> Question:
        title = self.tr("Use {}?").format(path.name)
        text = self.tr("It can be used. Look at this first:")
        return Question(title, text, self.tr("Use this file"), tuple((Status.WARNING, each) for each in doubts))

    def _restore(self, name: str) -> None:
        async def restore() -> Path | None:
            title = self.tr("Use the built-in limits for {} again?").format(title_of(name))
            text = self.tr("The file that you keep here is removed. The one it was copied from stays where it is.")
            if not await self._asking.confirm(Question(title, text, self.tr("Use the built-in one"))):
                return None
            await self._limits.restore(name)
            return Path()

        self._run(name, restore, self.tr("{}: the built-in file is used again"))

    def _save_copy(self, name: str) -> None:
        async def save() -> Path | None:
            path = await self._asking.save_file(self.tr("Save a copy"), f"{name}.toml", _FILES)
            if path is not None:
                await self._limits.save_own(name, path)
            return path

        self._run(name, save, self.tr("{}: a copy of the built-in file is saved"))

    def _run(self, name: str, act: Callable[[], object], done: str) -> None:
        row = self.rows[name]
        row.show_problem("", ())
        self._notices.withdraw(_DONE)  # what was done before says nothing of this

        def tell(path: Path | None) -> None:
            if path is not None:
                place = str(path) if path.name else ""
                self._notices.post(Notice(_DONE, Status.OK, done.format(title_of(name)), place))
                row.replace.setFocus(Qt.FocusReason.OtherFocusReason)

        def refuse(error: AppError) -> None:
            problems = tuple(error.details.splitlines()) or (error.advice,)
            row.show_problem(error.title, problems)
            self._leading.begin(lambda: self.findChild(QScrollArea).ensureWidgetVisible(row.problem))

        self._calls.run(f"table {name}", act, doing=title_of(name), on_result=tell, on_error=refuse)
