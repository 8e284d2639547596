"""Which hosts, how Windows is installed on them, and how they reach Azure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.host_set_up import (
    HostEdition,
    HostKind,
    HostProxy,
    HostSetUp,
    ProxyKind,
    check_host_set_up,
    split_names,
)
from ui.theme.stylesheet import area_rules, dress
from ui.theme.theme import Theme
from ui.theme.tokens import Role, Space, TextStyle
from ui.widgets.choice import ChoiceCard, RadioButton
from ui.widgets.form_field import FormField, TextField
from ui.widgets.labels import Text
from ui.wizard.pages.add_server.part import Ground, Part

_NAME_LINES = 4


class HostsPart(Part):
    """Answers go into the draft at once, whatever they are worth; Next says what is missing."""

    id = "hosts"

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._ground: Ground | None = None
        self._kind = _Cards(
            theme,
            self.tr("What are they?"),
            (
                (HostKind.STANDALONE, "hosts", self.tr("Standalone"), self.tr("Each host by itself")),
                (HostKind.CLUSTER, "network", self.tr("Failover cluster"), self.tr("Every node is registered")),
            ),
        )
        self._cluster = TextField(
            theme,
            self.tr("C&luster name"),
            hint=self.tr("For your own overview. Azure sees the nodes alone."),
            placeholder="HQ-CLUSTER",
            optional=True,
        )
        self._cluster.edit.setObjectName("add-server-cluster")
        self._names_edit = QPlainTextEdit()
        self._names_edit.setObjectName("add-server-names")
        dress(self._names_edit, theme, area_rules)
        self._names_edit.setTabChangesFocus(True)
        self._names_edit.setFixedHeight(theme.metrics(TextStyle.BODY).lineSpacing() * _NAME_LINES + Space.L)
        self._names = FormField(theme, "", self._names_edit)
        self._edition = _Cards(
            theme,
            self.tr("How is Windows Server installed on them?"),
            (
                (HostEdition.DESKTOP, "windows", self.tr("With a desktop"), self.tr("Setup can also be clicked")),
                (HostEdition.SERVER_CORE, "commands", self.tr("Server Core"), self.tr("Command line only")),
            ),
        )
        self._proxy = _ProxyChoice(theme)
        for part in (self._kind, self._cluster, self._names, self._edition, self._proxy):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self._kind.chosen.connect(lambda value: self._edit(kind=HostKind(value)))
        self._edition.chosen.connect(lambda value: self._edit(edition=HostEdition(value)))
        self._cluster.value_edited.connect(lambda text: self._edit(cluster=text.strip()))
        self._names_edit.textChanged.connect(self._on_names_changed)
        self._proxy.proxy_edited.connect(lambda proxy: self._edit(proxy=proxy))

    def load(self, ground: Ground) -> None:
        self._ground = ground
        choice = ground.draft.hosts
        is_cluster = choice.kind is HostKind.CLUSTER
        self._kind.choose(choice.kind)
        self._edition.choose(choice.edition)
        self._cluster.setVisible(is_cluster)
        if self._cluster.text.strip() != choice.cluster:
            self._cluster.set_text(choice.cluster)
        self._names.set_label(self.tr("Names of &all nodes") if is_cluster else self.tr("N&ames of the hosts"))
        self._names.set_hint(
            self.tr("One a line, or pasted with commas. A node that is left out stops replicating what moves to it.")
            if is_cluster
            else self.tr("One a line, or pasted with commas, such as HV-HQ-01.")
        )
        if split_names(self._names_edit.toPlainText()) != choice.names:
            self._names_edit.blockSignals(True)
            self._names_edit.setPlainText("\n".join(choice.names))
            self._names_edit.blockSignals(False)
        self._proxy.load(choice.proxy)
        self._show_issues(choice)

    def first_focus(self) -> QWidget:
        wrong = self._wrong_fields()
        if "names" in wrong or not wrong:
            return self._names_edit
        return self._cluster.edit if "cluster" in wrong else self._proxy.field(min(wrong))

    def reveal(self) -> None:
        for field in (self._names, self._cluster):
            field.reveal()
        self._proxy.reveal()

    def problem(self) -> str:
        issues = check_host_set_up(self._choice)
        return (issues[0].short or issues[0].text) if issues else ""

    @property
    def _choice(self) -> HostSetUp:
        return self._ground.draft.hosts if self._ground is not None else HostSetUp()

    def _wrong_fields(self) -> set[str]:
        return {issue.field for issue in check_host_set_up(self._choice)}

    def _edit(self, **changes: object) -> None:
        if self._ground is None:
            return
        draft = self._ground.draft
        hosts = replace(draft.hosts, **changes)  # type: ignore[arg-type]
        if hosts != draft.hosts:
            self.draft_edited.emit(replace(draft, hosts=hosts))

    def _on_names_changed(self) -> None:
        self._edit(names=split_names(self._names_edit.toPlainText()))

    def _show_issues(self, choice: HostSetUp) -> None:
        texts = {issue.field: issue.text for issue in reversed(check_host_set_up(choice))}
        self._names.set_issue(texts.get("names"))
        self._cluster.set_issue(texts.get("cluster"))
        self._proxy.show_issues(texts)


class _Cards(QWidget):
    """A question and its answers as cards.

    Signals:
        chosen: the user chose; carries the answer's value.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, question: str, answers: Sequence[tuple[StrEnum, str, str, str]]) -> None:
        super().__init__()
        self._values = [value for value, *_ in answers]
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        for place, (value, icon, text, detail) in enumerate(answers):
            card = ChoiceCard(theme, icon, text, detail)
            card.setObjectName(f"add-server-{value.value.replace('_', '-')}-card")
            self._group.addButton(card, place)
            row.addWidget(card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(Text(question, TextStyle.LABEL))
        column.addLayout(row)
        self.setAccessibleName(question)
        self._group.idClicked.connect(lambda place: self.chosen.emit(self._values[place].value))

    def choose(self, value: StrEnum) -> None:
        self._group.button(self._values.index(value)).setChecked(True)


class _ProxyChoice(QWidget):
    """How Provider and agent get out.

    Signals:
        proxy_edited: carries the new `HostProxy`.
    """

    proxy_edited = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._proxy = HostProxy()
        self._group = QButtonGroup(self)
        self._kinds = tuple(ProxyKind)
        words = {
            ProxyKind.DIRECT: (self.tr("Directly"), self.tr("Port 443 is open from every host")),
            ProxyKind.EXISTING: (
                self.tr("By the proxy that the host is set to"),
                self.tr("Works where that proxy asks for no password"),
            ),
            ProxyKind.CUSTOM: (self.tr("By this proxy"), self.tr("Needed where it asks for a user name and password")),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(Text(self.tr("How do they reach Azure?"), TextStyle.LABEL))
        for place, kind in enumerate(self._kinds):
            button = RadioButton(theme, *words[kind])
            button.setObjectName(f"add-server-proxy-{kind.value}")
            self._group.addButton(button, place)
            column.addWidget(button)
        self._fields = {
            "proxy.address": TextField(theme, self.tr("Proxy a&ddress"), placeholder="http://proxy.contoso.com"),
            "proxy.port": TextField(theme, self.tr("P&ort"), placeholder="8080"),
            "proxy.user": TextField(theme, self.tr("&User name"), placeholder="CONTOSO\\svc-asr", optional=True),
        }
        self._custom = QWidget()
        column.addWidget(self._build_custom())
        self._group.idClicked.connect(self._on_kind_clicked)
        for name, field in self._fields.items():
            field.edit.setObjectName(f"add-server-{name.replace('.', '-')}")
            field.value_edited.connect(lambda text, name=name: self._on_field_edited(name, text))

    def load(self, proxy: HostProxy) -> None:
        self._proxy = proxy
        self._group.button(self._kinds.index(proxy.kind)).setChecked(True)
        self._custom.setVisible(proxy.kind is ProxyKind.CUSTOM)
        for name, text in (("address", proxy.address), ("port", proxy.port), ("user", proxy.user)):
            field = self._fields[f"proxy.{name}"]
            if field.text.strip() != text:
                field.set_text(text)

    def field(self, name: str) -> QWidget:
        return self._fields[name].edit

    def reveal(self) -> None:
        for field in self._fields.values():
            field.reveal()

    def show_issues(self, texts: dict[str, str]) -> None:
        for name, field in self._fields.items():
            field.set_issue(texts.get(name))

    def _build_custom(self) -> QWidget:
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(self._fields["proxy.address"], 3, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._fields["proxy.port"], 1, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self._custom)
        column.setContentsMargins(Space.XXL, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addLayout(line)
        column.addWidget(self._fields["proxy.user"])
        text = self.tr("The password is asked for on the host, when the script runs. It is kept nowhere.")
        column.addWidget(Text(text, TextStyle.CAPTION, Role.TEXT2, wrap=True))
        return self._custom

    def _on_kind_clicked(self, place: int) -> None:
        self._edit(kind=self._kinds[place])

    def _on_field_edited(self, name: str, text: str) -> None:
        self._edit(**{name.removeprefix("proxy."): text.strip()})

    def _edit(self, **changes: object) -> None:
        self.proxy_edited.emit(replace(self._proxy, **changes))  # type: ignore[arg-type]
