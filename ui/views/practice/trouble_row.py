"""One thing that can go wrong: what one will see, a switch, and while it is on where to look and what to do."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.practice import RunningTrouble, TroubleKind
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle, Width
from ui.views.practice.trouble_choices import TroubleChoices, befalls_jobs, usual_limits
from ui.when import moment_text
from ui.widgets.buttons import Button, Kind
from ui.widgets.labels import StatusLine, Text


class TroubleRow(QWidget):
    """A kind of trouble.

    Signals:
        start_requested: start it as chosen.
        end_requested: end it.
        place_requested: open the view in which it can be watched; carries the view's name.
    """

    start_requested = Signal()
    end_requested = Signal()
    place_requested = Signal(str)

    def __init__(self, theme: Theme, kind: TroubleKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = kind
        self._shown: TroubleKind | None = None
        name = f"trouble-{kind.key}"
        self.setObjectName(f"{name}-row")
        self.switch = Button(theme, self.tr("Start trouble"))
        self.switch.setObjectName(name)
        self.switch.setFixedWidth(Width.ROW_BUTTON)
        self.state = StatusLine(theme, Status.WAITING)
        self.state.setObjectName(f"{name}-state")
        self.how = self._fold(self.tr("Choose how"), f"{name}-how")
        self.choices: TroubleChoices | None = None  # made when somebody wants to choose: most never do
        self.remedy_fold = self._fold(self.tr("What to do about it"), f"{name}-what")
        self._lesson = QWidget()
        self._lesson.setObjectName(f"{name}-lesson")
        self._when_on = QWidget()
        self._when_off = QWidget()
        self._build()
        self.switch.clicked.connect(self._on_switch_clicked)

    @property
    def kind(self) -> TroubleKind:
        return self._kind

    @property
    def chosen(self) -> dict[str, str | int]:
        """What was chosen, by parameter; what is left to the vault is not there."""
        return self.choices.chosen if self.choices is not None else {}

    @property
    def limits(self) -> tuple[float | None, int | None]:
        """How many vault seconds it lasts, and how many requests or jobs it befalls; None for no such end."""
        if self.choices is not None:
            return self.choices.lasts_s, self.choices.count
        return usual_limits(self._kind)

    def show_kind(self, kind: TroubleKind, now: datetime) -> None:
        """Show whether it is on; what was chosen stays chosen."""
        if kind == self._shown:
            return
        self._kind = self._shown = kind
        is_on = bool(kind.running)
        words = self.tr("End it") if is_on else self.tr("Start trouble")
        self.switch.setText(words)
        self.switch.setAccessibleName(f"{words}: {kind.title}")
        if self.choices is not None:
            self.choices.set_kind(kind)
        if is_on:
            lines = [self._state_text(running, now) for running in kind.running]
            self.state.set_status(Status.WAITING, "\n".join(lines), icon="practice")
        self._when_on.setVisible(is_on)
        self._when_off.setVisible(not is_on)

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addWidget(Text(self._kind.title, TextStyle.STRONG, wrap=True))
        words.addWidget(Text(self._kind.sees, TextStyle.BODY, Role.TEXT2, wrap=True))
        head = QHBoxLayout()
        head.setSpacing(Space.L)
        head.addLayout(words, 1)
        head.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(head)
        column.addWidget(self._build_on())
        column.addWidget(self._build_off())

    def _build_on(self) -> QWidget:
        look = QHBoxLayout()
        look.setSpacing(Space.M)
        look.addWidget(Text(self.tr("Look now at"), TextStyle.BODY, Role.TEXT2))
        for place in self._kind.look:
            link = Button(self._theme, self._place_name(place), kind=Kind.LINK)
            link.setObjectName(f"trouble-{self._kind.key}-look-{place}")
            link.clicked.connect(lambda _checked=False, place=place: self.place_requested.emit(place))
            look.addWidget(link)
        look.addStretch(1)
        folded = _bare_column(self._lesson)
        folded.setContentsMargins(Space.XXL, 0, Width.ROW_BUTTON + Space.L, 0)
        for label, words in ((self.tr("Why it happens"), self._kind.why), (self.tr("What helps"), self._kind.remedy)):
            folded.addWidget(Text(label, TextStyle.LABEL, Role.TEXT2))
            folded.addWidget(Text(words, TextStyle.BODY, wrap=True))
        self._lesson.hide()
        self.remedy_fold.clicked.connect(self._on_remedy_fold_clicked)
        column = _bare_column(self._when_on)
        column.addWidget(self.state)
        if self._kind.look:
            column.addLayout(look)
        column.addWidget(self.remedy_fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._lesson)
        self._when_on.hide()
        return self._when_on

    def _build_off(self) -> QWidget:
        _bare_column(self._when_off).addWidget(self.how, 0, Qt.AlignmentFlag.AlignLeft)
        self.how.clicked.connect(self._on_how_clicked)
        return self._when_off

    def _fold(self, title: str, name: str) -> Button:
        fold = Button(self._theme, title, icon="next", kind=Kind.LINK)
        fold.setObjectName(name)
        fold.setAccessibleName(f"{title}: {self._kind.title}")
        return fold

    def _on_switch_clicked(self) -> None:
        if self._kind.running:
            self.end_requested.emit()
            return
        wrong = self.choices.first_issue() if self.choices is not None else None
        if wrong is None:
            self.start_requested.emit()
            return
        self._unfold_choices(is_open=True)
        wrong.setFocus()

    def _on_how_clicked(self) -> None:
        self._unfold_choices(is_open=self.choices is None or self.choices.isHidden())

    def _unfold_choices(self, *, is_open: bool) -> None:
        if self.choices is None:
            self.choices = TroubleChoices(self._theme, self._kind)
            layout = self._when_off.layout()
            assert layout is not None, "the row has been built"
            layout.addWidget(self.choices)
        self.choices.setVisible(is_open)
        self.how.set_icon("unfold" if is_open else "next")

    def _on_remedy_fold_clicked(self) -> None:
        is_open = self._lesson.isHidden()
        self._lesson.setVisible(is_open)
        self.remedy_fold.set_icon("unfold" if is_open else "next")

    def _state_text(self, running: RunningTrouble, now: datetime) -> str:
        since = moment_text(running.since, now)
        if running.until is not None:
            text = self.tr("On since {0}, until {1}").format(since, moment_text(running.until, now))
        elif running.left is None:
            text = self.tr("On since {}, until you end it").format(since)
        elif befalls_jobs(self._kind):
            text = self.tr("On since {0}, for the next {1} jobs").format(since, running.left)
            if running.left == 1:
                text = self.tr("On since {}, for the next job").format(since)
        else:
            text = self.tr("On since {0}, for the next {1} requests").format(since, running.left)
            if running.left == 1:
                text = self.tr("On since {}, for the next request").format(since)
        return f"{running.about}: {text[:1].lower()}{text[1:]}" if running.about else text

    def _place_name(self, place: str) -> str:
        names = {
            "overview": self.tr("Overview"),
            "items": self.tr("Replicated items"),
            "jobs": self.tr("Jobs"),
        }
        return names.get(place, place)


def _bare_column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.XS)
    return column
