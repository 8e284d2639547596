"""The sheet that removes a host, a site or a policy, or says where a policy is used: what stands against it, what will
happen, what stays behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from app.errors import AppError
from app.flows.host_actions import Removal
from app.flows.host_scripts import CleanUpKind
from app.services.runs import RunSnapshot
from ui.asking import NameConfirmation
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.callout import Refusal
from ui.widgets.choice import RadioButton
from ui.widgets.labels import StatusLine, Text
from ui.widgets.modal_sheet import ModalSheet
from ui.wizard.action_states import ActionStates
from ui.wizard.requests import CarryOut


@dataclass(frozen=True, slots=True)
class RemovalWay:
    """One way to remove it.

    Attributes:
        text, detail: empty where there is only one way.
        clean_up: which script clears the host afterwards; None offers none.
        purpose: under which the rights that it takes are known.
    """

    removal: Removal
    text: str = ""
    detail: str = ""
    clean_up: CleanUpKind | None = None
    purpose: str = ""


class RemovalSheet(ModalSheet):
    """Asks for the name of what goes, unless that can be done again. Once it runs, closing the sheet stops nothing.

    Signals:
        requested: carries the `CarryOut` of the chosen way.
        clean_up_requested: the script that clears a host shall be saved; carries its `CleanUpKind`.
    """

    requested = Signal(object)
    clean_up_requested = Signal(object)

    def __init__(
        self,
        theme: Theme,
        title: str,
        purpose: str,
        ways: Sequence[RemovalWay],
        *,
        key: str,
        button: str = "",
        icon: str = "remove",
        is_for_good: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """`key` is what the run is known by while it is under way. What can be done again asks for no name."""
        super().__init__(theme, title, purpose, submit="", submit_icon=icon, parent=parent)
        self.setObjectName("removal-sheet")
        self.submit_button.setText(button or self.tr("&Remove"))
        self.submit_button.setObjectName("removal-run")
        self._theme = theme
        self._title_text = title
        self._ways = tuple(ways)
        self.key = key
        self._asks_name = is_for_good
        self._way = self._ways[0]
        self._running: CarryOut | None = None
        self._choices = QButtonGroup(self)
        self._before = QVBoxLayout()
        self._before.setSpacing(Space.S)
        self._states = ActionStates(theme)
        self._leaves = QVBoxLayout()
        self._leaves.setSpacing(Space.XS)
        self._clean_up = Button(theme, self.tr("Save the &clean-up script…"), icon="save")
        self._clean_up.setObjectName("removal-clean-up")
        self._clean_up.clicked.connect(lambda: self.clean_up_requested.emit(self._way.clean_up))
        self._confirmation = NameConfirmation(theme, self._way.removal.subject)
        self._failure = StatusLine(theme, tinted=True)
        self._failure.setObjectName("removal-failure")
        self._failure.hide()
        self._build_body()
        self.submitted.connect(self._on_submitted)
        self._show_way()

    @property
    def purpose(self) -> str:
        """Of the way that is chosen."""
        return self._way.purpose

    @property
    def is_running(self) -> bool:
        return self._running is not None

    def refuse_as_running(self) -> None:
        """It is under way already, asked for by this sheet or by one before it."""
        reason = self.tr("You can close the sheet: it goes on.")
        self.submit_button.refuse(Refusal(self.tr("This is under way"), reason))

    def show_run(self, run: RunSnapshot) -> None:
        """How far it is."""
        self._states.show_run(run)

    def show_failure(self, error: AppError) -> None:
        """Why it stopped; it can be tried again, and what is done is not done twice."""
        self._running = None
        self._set_answers_enabled(is_enabled=True)
        self._failure.set_status(Status.CRITICAL, error.sentence)
        self._failure.show()
        self._show_way()

    def show_done(self) -> None:
        """It is gone; what stays behind is still to be read, so the sheet stays."""
        self._running = None
        self._states.show_done()
        self._choices_box.hide()
        self._confirmation.hide()
        self.submit_button.hide()
        self._clear(self._before)
        done = StatusLine(self._theme, Status.OK, self.tr("Done, and confirmed by Azure."), tinted=True)
        done.setObjectName("removal-done")
        self._before.addWidget(done)
        self.cancel_button.setText(self.tr("Close"))

    def _build_body(self) -> None:
        self._choices_box = QWidget()
        column = QVBoxLayout(self._choices_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        for place, way in enumerate(self._ways):
            button = RadioButton(self._theme, way.text, way.detail)
            button.setObjectName(f"removal-way-{place}")
            button.setChecked(place == 0)
            self._choices.addButton(button, place)
            column.addWidget(button)
        self._choices.idClicked.connect(self._on_way_clicked)
        self.body.addWidget(self._choices_box)
        self._choices_box.setVisible(len(self._ways) > 1)  # before it has a place it would be a window of its own
        self.body.addLayout(self._before)
        self.body.addWidget(self._states)
        self.body.addWidget(
            Text(self.tr("What stays behind") if self._asks_name else self.tr("Good to know"), TextStyle.STRONG)
        )
        self.body.addLayout(self._leaves)
        self.body.addWidget(self._clean_up, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._confirmation)
        self.body.addWidget(self._failure)

    def _show_way(self) -> None:
        removal = self._way.removal
        self._clear(self._before)
        self._clear(self._leaves)
        for obstacle in removal.obstacles:
            line = StatusLine(self._theme, Status.CRITICAL, f"{obstacle.text} {obstacle.remedy}", tinted=True)
            self._before.addWidget(line)
        if not removal.obstacles:
            self._before.addWidget(StatusLine(self._theme, Status.OK, self.tr("Nothing stands in the way.")))
        for sentence in removal.leaves:
            self._leaves.addWidget(Text(sentence, TextStyle.BODY, Role.TEXT2, wrap=True))
        self._clean_up.setVisible(self._way.clean_up is not None)
        self._states.show_actions(removal.actions)
        self._confirmation.setVisible(self._asks_name and not removal.obstacles)
        if removal.obstacles:
            reason = " ".join(f"{each.text} {each.remedy}" for each in removal.obstacles[:2])
            self.submit_button.refuse(Refusal(self.tr("This has to wait"), reason))
        else:
            self.submit_button.allow()

    def _on_way_clicked(self, place: int) -> None:
        self._way = self._ways[place]
        self._failure.hide()
        self._show_way()

    def _on_submitted(self) -> None:
        if self._asks_name and not self._confirmation.is_matched:
            self._confirmation.set_issue(self.tr("This has to be the name, as it stands above."))
            self._confirmation.reveal()
            self.lead_to(self._confirmation.edit)
            return
        self._running = CarryOut(self.key, self._title_text, self._way.removal.actions)
        self._failure.hide()
        self._set_answers_enabled(is_enabled=False)
        self.refuse_as_running()
        self.cancel_button.setText(self.tr("Close"))
        self._states.show_begun()
        self.requested.emit(self._running)

    def _set_answers_enabled(self, *, is_enabled: bool) -> None:
        self._choices_box.setEnabled(is_enabled)
        self._confirmation.setEnabled(is_enabled)

    @staticmethod
    def _clear(column: QVBoxLayout) -> None:
        while column.count():
            widget = column.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
