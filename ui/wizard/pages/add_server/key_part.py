"""The registration key: what it is, until when the last one is good, and the button that has Azure make one."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from app.domain.registration_key import KeyWay, RegistrationKey
from app.errors import AppError
from app.runtime.progress import Progress
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.callout import Refusal
from ui.widgets.choice import RadioButton
from ui.widgets.facts_box import Pairs
from ui.widgets.labels import StatusLine, Text
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.action_states import ActionStates
from ui.wizard.pages.add_server.part import Ground, Part
from ui.wizard.pages.key_words import key_status, key_text, time_left
from ui.wizard.requests import LookAtKey, MakeKey, Request, SaveKeyDate


class KeyPart(Part):
    """The file goes where the user says, and nowhere else."""

    id = "key"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._ground: Ground | None = None
        self._is_making = False
        self._answer = StatusLine(theme, Status.NEUTRAL, style=TextStyle.SECTION, wrap=False)
        self._answer.setObjectName("add-server-key-state")
        self._left = Text("", TextStyle.BODY, Role.TEXT2)
        self._facts = Pairs()
        self._about = Text("", TextStyle.BODY, Role.TEXT2, wrap=True)
        self._ways = QButtonGroup(self)
        self._by_azure = RadioButton(
            theme,
            self.tr("Azure makes its certificate"),
            self.tr("As the portal does. The private key comes with Azure’s answer, and goes into the file alone."),
        )
        self._by_us = RadioButton(
            theme,
            self.tr("This computer makes its certificate"),
            self.tr("The private key is never sent: Azure gets the public part alone."),
        )
        self._actions = ActionStates(theme)
        self._make = ReasonedButton(theme, "", icon="save")
        self._make.setObjectName("add-server-make-key")
        self._calendar = Button(theme, self.tr("Save a ca&lendar entry…"), icon="drill_age")
        self._calendar.setObjectName("add-server-calendar")
        self._look = Button(theme, self.tr("Chec&k a key file…"), icon="key")
        self._look.setObjectName("add-server-look-at-key")
        self._outcome = StatusLine(theme, Status.OK, tinted=True)
        self._outcome.setObjectName("add-server-key-outcome")
        self._outcome.hide()
        self._build()
        self._make.activated.connect(self._on_make_activated)
        self._calendar.clicked.connect(self._on_calendar_clicked)
        self._look.clicked.connect(self._on_look_clicked)
        self._ways.idClicked.connect(lambda place: self._show_actions())

    def load(self, ground: Ground) -> None:
        self._ground = ground
        key, now = ground.key, ground.context.now
        about = self.tr(
            "Setup on a host asks for this file once. It lets whoever holds it register hosts with your vault, so "
            "carry it as you would a password, and delete it when the hosts are there. One key serves all hosts of the "
            "site, for {} days."
        )
        self._about.setText(about.format(ground.context.rules.registration_key.validity.days))
        self._make.setText(self.tr("&Make a key…") if key is None else self.tr("Rene&w the key…"))
        self._calendar.setVisible(key is not None and not key.is_expired(now))
        self._facts.setVisible(key is not None)
        if key is None:
            self._answer.set_status(Status.NEUTRAL, self.tr("No key was made here for this site."), icon="key")
            self._left.setText("")
        else:
            self._answer.set_status(key_status(key.valid_until, now), key_text(key.valid_until, now))
            self._left.setText(time_left(key.valid_until, now))
            self._facts.set_pairs(
                (
                    (self.tr("File"), str(key.path)),
                    (self.tr("Made"), f"{(key.made_at or key.valid_from).astimezone():%d %b %Y, %H:%M}"),
                    (self.tr("Certificate"), key.thumbprint),
                )
            )
        self._show_actions()

    def first_focus(self) -> QWidget:
        return self._make

    def problem(self) -> str:
        """A key can also come from elsewhere, or on another day."""
        return ""

    def writing_buttons(self) -> tuple[ReasonedButton, ...]:
        return (self._make,)

    def started(self, request: Request) -> None:
        if isinstance(request, MakeKey):
            self._is_making = True
            self._outcome.hide()
            self._make.refuse(Refusal(self.tr("A key is being made"), self.tr("It takes some seconds.")))
            self._actions.show_begun()

    def progressed(self, request: Request, progress: object) -> None:
        if isinstance(request, MakeKey) and isinstance(progress, Progress):
            self._tell(Status.INFO, progress.text)

    def finished(self, request: Request, outcome: object | AppError) -> None:
        if isinstance(request, MakeKey):
            self._is_making = False
            self._make.allow()
            self._show_actions()
            self._outcome.hide()
            if isinstance(outcome, RegistrationKey):
                text = self.tr("The key is saved as {}. Only you can read the file. No copy was kept.")
                self._tell(Status.OK, text.format(outcome.path))
        if isinstance(request, SaveKeyDate) and outcome is not None and not isinstance(outcome, AppError):
            self._tell(Status.OK, self.tr("The calendar entry is saved as {}. Open it to put it in.").format(outcome))
        if isinstance(request, LookAtKey) and isinstance(outcome, RegistrationKey) and self._ground is not None:
            text = self.tr("{0} registers hosts in {1}. {2}.")
            until = key_text(outcome.valid_until, self._ground.context.now)
            self._tell(Status.OK, text.format(outcome.path.name, outcome.site, until))
        if isinstance(request, MakeKey | SaveKeyDate | LookAtKey) and isinstance(outcome, AppError):
            self._tell(Status.CRITICAL, outcome.sentence)

    @property
    def _way(self) -> KeyWay:
        return KeyWay.OWN if self._by_us.isChecked() else KeyWay.SERVICE

    def _build(self) -> None:
        self._by_azure.setObjectName("add-server-key-azure")
        self._by_us.setObjectName("add-server-key-own")
        self._by_azure.setChecked(True)
        self._ways.addButton(self._by_azure, 0)
        self._ways.addButton(self._by_us, 1)
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self._answer)
        line.addWidget(self._left)
        line.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self._make)
        buttons.addWidget(self._calendar)
        buttons.addWidget(self._look)
        buttons.addStretch(1)
        self.column.addLayout(line)
        for part in (self._facts, self._about, self._by_azure, self._by_us, self._actions):
            self.column.addWidget(part)
        self.column.addLayout(buttons)
        self.column.addWidget(self._outcome)
        self.column.addStretch(1)

    def _show_actions(self) -> None:
        ground = self._ground
        if ground is not None and not self._is_making:
            self._actions.show_actions(ground.key_actions(self._way))

    def _tell(self, status: Status, text: str) -> None:
        self._outcome.set_status(status, text)
        self._outcome.show()

    def _on_make_activated(self) -> None:
        if self._ground is not None:
            self.requested.emit(MakeKey(self._ground.draft.site.name, self._way))

    def _on_look_clicked(self) -> None:
        if self._ground is not None:
            self.requested.emit(LookAtKey(self._ground.draft.site.name))

    def _on_calendar_clicked(self) -> None:
        if self._ground is not None:
            self.requested.emit(SaveKeyDate(self._ground.draft.site.name))
