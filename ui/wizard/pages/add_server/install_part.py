"""Installing and registering: one script for all hosts, one for each, or page by page by hand."""

from __future__ import annotations

from enum import Enum

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from app.errors import AppError
from app.flows.host_scripts import HostScript, host_script
from app.flows.host_scripts.readiness import readiness_script
from app.flows.script_place import script_place
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.choice import RadioButton
from ui.widgets.disclosure import Disclosure
from ui.widgets.form_field import FormField
from ui.widgets.labels import StatusLine, Text
from ui.widgets.picker import Option, Picker
from ui.wizard.pages.add_server.part import Ground, Part
from ui.wizard.pages.installer_walkthrough import InstallerWalkthrough
from ui.wizard.pages.key_words import key_status, key_text
from ui.wizard.requests import Request, SaveHostScripts, SaveScripts


class _Way(Enum):
    ALL = 0
    EACH = 1
    BY_HAND = 2


class InstallPart(Part):
    """Scripts are made from the answers when they are shown or saved; no password ever stands in one."""

    id = "install"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._ground: Ground | None = None
        self._way: _Way | None = None
        self._shown: tuple[object, ...] = ()
        self._about = Text("", TextStyle.BODY, Role.TEXT2, wrap=True)
        self._key = StatusLine(theme, Status.OK)
        self._key.setObjectName("add-server-install-key")
        self._ways = QButtonGroup(self)
        self._buttons = {
            _Way.ALL: RadioButton(
                theme,
                self.tr("One script for all of them"),
                self.tr("Runs on one computer and reaches the others by PowerShell remoting. All are checked first."),
            ),
            _Way.EACH: RadioButton(
                theme,
                self.tr("A script for each host"),
                self.tr("Carried to the host, and run there as an administrator."),
            ),
            _Way.BY_HAND: RadioButton(
                theme,
                self.tr("By hand"),
                self.tr("Page by page, with what to choose on each."),
            ),
        }
        self._hosts = Picker(theme)
        self._hosts.setObjectName("add-server-script-host")
        self._host = FormField(theme, self.tr("Show the script &of"), self._hosts)
        self._purpose = Text("", TextStyle.BODY, wrap=True)
        self._preview = Disclosure(theme, self.tr("The script"))
        self._preview.setObjectName("add-server-script")
        self._save = Button(theme, "", icon="save")
        self._save.setObjectName("add-server-save-scripts")
        self._copy = Button(theme, self.tr("Cop&y this script"), icon="copy")
        self._copy.setObjectName("add-server-copy-script")
        self._outcome = StatusLine(theme, Status.OK, tinted=True)
        self._outcome.setObjectName("add-server-script-outcome")
        self._outcome.hide()
        self._walkthrough = InstallerWalkthrough(theme)
        self._check = Button(theme, self.tr("Save the c&heck script…"), icon="save", kind=Kind.LINK)
        self._check.setObjectName("add-server-save-check")
        self._build()
        self._connect()

    def load(self, ground: Ground) -> None:
        self._ground = ground
        choice = ground.draft.hosts
        has_several = len(choice.names) > 1
        if self._way is None or (self._way is _Way.ALL and not has_several):
            self._way = _Way.ALL if has_several else _Way.EACH
        self._buttons[_Way.ALL].setVisible(has_several)
        self._buttons[_Way.EACH].setText(
            self.tr("A script for each host") if has_several else self.tr("A script for the host")
        )
        self._buttons[self._way].setChecked(True)
        self._hosts.set_options([Option(name, name, icon="hosts") for name in choice.names])
        if self._hosts.current_key is None and choice.names:
            self._hosts.set_current(choice.names[0])
        self._show_key(ground)
        self._show_way()

    def first_focus(self) -> QWidget:
        return self._buttons[self._way or _Way.EACH]

    def finished(self, request: Request, outcome: object | AppError) -> None:
        if not isinstance(request, SaveHostScripts | SaveScripts) or outcome is None:
            return
        if isinstance(outcome, AppError):
            self._outcome.set_status(Status.CRITICAL, outcome.sentence)
        elif isinstance(outcome, tuple):
            one, many = self.tr("Saved as {}."), self.tr("{0} scripts saved in {1}.")
            text = one.format(outcome[0]) if len(outcome) == 1 else many.format(len(outcome), outcome[0].parent)
            self._outcome.set_status(Status.OK, text)
        self._outcome.show()

    def _build(self) -> None:
        text = self.tr(
            "The script checks everything first and changes nothing when something stands against it. Running it again "
            "does no harm. It asks for the proxy’s password where one is needed."
        )
        self._about.setText(text)
        self.column.addWidget(self._about)
        self.column.addWidget(self._key)
        for way, button in self._buttons.items():
            button.setObjectName(f"add-server-way-{way.name.lower().replace('_', '-')}")
            self._ways.addButton(button, way.value)
            self.column.addWidget(button)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self._save)
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        for part in (self._host, self._purpose):
            self.column.addWidget(part)
        self.column.addLayout(buttons)
        self.column.addWidget(self._outcome)
        self.column.addWidget(self._preview)
        self.column.addWidget(self._walkthrough)
        line = QHBoxLayout()
        hint = self.tr("Before anything is installed, a script that only reads can tell what stands against it.")
        line.addWidget(Text(hint, TextStyle.CAPTION, Role.TEXT2, wrap=True), 1)
        line.addWidget(self._check)
        self.column.addLayout(line)
        self.column.addStretch(1)

    def _connect(self) -> None:
        self._ways.idClicked.connect(self._on_way_clicked)
        self._hosts.picked.connect(lambda key: self._show_script())
        self._save.clicked.connect(self._on_save_clicked)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._check.clicked.connect(self._on_check_clicked)

    def _show_key(self, ground: Ground) -> None:
        key = ground.key
        if key is None:
            self._key.set_status(
                Status.WARNING, self.tr("No key was made here. A script takes the newest key file that lies beside it.")
            )
            return
        now = ground.context.now
        status = key_status(key.valid_until, now)
        words = self.tr("Key file {0}. {1}.").format(key.path.name, key_text(key.valid_until, now))
        if key.is_expired(now):
            words += " " + self.tr("Make a new one in step 2: with this one no host can register.")
        self._key.set_status(status, words)

    def _show_way(self) -> None:
        is_by_hand = self._way is _Way.BY_HAND
        several = self._ground is not None and len(self._ground.draft.hosts.names) > 1
        self._walkthrough.setVisible(is_by_hand)
        for part in (self._about, self._purpose, self._preview, self._save, self._copy):
            part.setVisible(not is_by_hand)
        has_hosts = self._ground is not None and bool(self._ground.draft.hosts.names)
        for part in (self._preview, self._save, self._copy):
            part.setEnabled(has_hosts)  # without a host there is no script to save
        self._host.setVisible(self._way is _Way.EACH and several)
        self._save.setText(
            self.tr("&Save all scripts…") if self._way is _Way.EACH and several else self.tr("&Save the script…")
        )
        if is_by_hand and self._ground is not None:
            key = self._ground.key
            self._walkthrough.load(self._ground.draft.hosts, key.path.name if key is not None else "")
        else:
            self._show_script()

    @property
    def _script(self) -> HostScript | None:
        """The one that is looked at; made anew each time, in some milliseconds."""
        ground = self._ground
        if ground is None or not ground.draft.hosts.names:
            return None
        host = None if self._way is _Way.ALL else self._hosts.current_key or ground.draft.hosts.names[0]
        return host_script(ground.draft.hosts, script_place(ground.draft, ground.context), ground.context.rules, host)

    def _show_script(self) -> None:
        ground = self._ground
        if ground is None or not ground.draft.hosts.names:
            self._purpose.setText(self.tr("Name the hosts in step 1 first."))
            self._preview.set_text("")
            return
        place = script_place(ground.draft, ground.context)
        wanted = (ground.draft.hosts, place, self._way, self._hosts.current_key)
        if wanted == self._shown:
            return
        self._shown = wanted
        script = self._script
        if script is not None:
            self._purpose.setText(script.purpose)
            self._preview.set_text(script.text)

    def _on_way_clicked(self, place: int) -> None:
        self._way = _Way(place)
        self._outcome.hide()
        self._show_way()

    def _on_save_clicked(self) -> None:
        ground, script = self._ground, self._script
        if ground is None or script is None:
            return
        if self._way is _Way.EACH and len(ground.draft.hosts.names) > 1:
            place = script_place(ground.draft, ground.context)
            self.requested.emit(SaveHostScripts(ground.draft.hosts, place))
        else:
            self.requested.emit(SaveScripts((script,)))

    def _on_copy_clicked(self) -> None:
        script = self._script
        if script is not None:
            QGuiApplication.clipboard().setText(script.text)
            self._outcome.set_status(Status.OK, self.tr("Copied."))
            self._outcome.show()

    def _on_check_clicked(self) -> None:
        if self._ground is not None:
            self.requested.emit(SaveScripts((readiness_script(self._ground.context.rules.hosts),)))
