"""What could not be read, in one line, and behind it each tenant and subscription with its reason and what to do."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.azure import Tenant
from app.errors import AppError, Remedy
from app.services.vault_catalogue import Catalogue, SubscriptionReading, TenantReading
from ui.theme.icons import status_icon
from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Role, Space, Status, TextStyle
from ui.widgets.buttons import Button
from ui.widgets.disclosure import Disclosure
from ui.widgets.labels import IconLabel, Text
from ui.widgets.surface import TintedBox, horizontal_line

_SHOWN_AT_MOST = 8


class UnreadBox(TintedBox):
    """Takes no room while everything could be read.

    Signals:
        sign_in_requested: to this directory (`Tenant`).
        retry_requested: everything shall be read again.
    """

    sign_in_requested = Signal(object)
    retry_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, Status.WARNING, parent)
        self.setObjectName("vaults-unread")
        self._theme = theme
        self._shown: tuple[object, ...] = ()
        self._text = Text("", TextStyle.STRONG, wrap=True)
        self._text.setObjectName("vaults-unread-text")
        self.fold = Button(theme, "", small=True)
        self.fold.setObjectName("vaults-unread-fold")
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(IconSize.NAV + Space.M, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._list.hide()
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        line.addWidget(IconLabel(theme, status_icon(Status.WARNING), Role.WARNING, IconSize.NAV))
        line.addWidget(self._text, 1)
        line.addWidget(self.fold)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        column.setSpacing(Space.S)
        column.addLayout(line)
        column.addWidget(self._list)
        self.fold.clicked.connect(lambda: self.set_open(self._list.isHidden()))
        self.hide()

    @property
    def text(self) -> str:
        """The one line; empty while everything could be read."""
        return "" if self.isHidden() else self._text.text()

    def show_catalogue(self, catalogue: Catalogue) -> None:
        """Tell what is unread now."""
        tenants, subscriptions = catalogue.refused_tenants, catalogue.failed_subscriptions
        unread = (*tenants, *subscriptions, bool(catalogue.vaults)) if tenants or subscriptions else ()
        if unread == self._shown:
            return
        self._shown = unread
        self.setVisible(bool(unread))
        self._text.setText(_counted(tenants, subscriptions, is_all=not catalogue.vaults))
        self._fill(tenants, subscriptions)
        if not unread:
            self.set_open(False)
        self._show_fold()

    def set_open(self, is_open: bool) -> None:
        """Show each, or the one line alone."""
        self._list.setVisible(is_open)
        self._show_fold()

    def _show_fold(self) -> None:
        self.fold.setText(self.tr("Show &details") if self._list.isHidden() else self.tr("Hide &details"))

    def _fill(self, tenants: tuple[TenantReading, ...], subscriptions: tuple[SubscriptionReading, ...]) -> None:
        while self._column.count():
            widget = self._column.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for reading in tenants[:_SHOWN_AT_MOST]:
            assert reading.problem is not None
            self._add(reading.tenant.name, reading.problem, reading.tenant)
        for each in subscriptions[:_SHOWN_AT_MOST]:
            assert each.problem is not None
            self._add(each.subscription.name, each.problem, None)
        more = len(tenants[_SHOWN_AT_MOST:]) + len(subscriptions[_SHOWN_AT_MOST:])
        if more:
            self._column.addWidget(Text(self.tr("and {} more").format(f"{more:,}"), TextStyle.BODY, Role.TEXT2))

    def _add(self, name: str, problem: AppError, tenant: Tenant | None) -> None:
        if self._column.count():
            self._column.addWidget(horizontal_line())
        entry = QWidget()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(name, TextStyle.STRONG, wrap=True))
        words.addWidget(Text(problem.sentence, wrap=True))
        details = "\n".join(filter(None, (problem.code, problem.correlation_id, problem.details)))
        if details:
            words.addWidget(Disclosure(self._theme, self.tr("Azure’s own words"), details))
        line = QHBoxLayout(entry)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.M)
        line.addLayout(words, 1)
        if tenant is not None and Remedy.SIGN_IN in problem.remedies:
            button = Button(self._theme, self.tr("Sign in to {}").format(tenant.name), small=True)
            button.setObjectName(f"sign-in-{tenant.id}")
            button.clicked.connect(lambda _checked: self.sign_in_requested.emit(tenant))
            line.addWidget(button)
        elif problem.retryable:
            button = Button(self._theme, self.tr("Try again"), small=True)
            button.clicked.connect(lambda _checked: self.retry_requested.emit())
            line.addWidget(button)
        self._column.addWidget(entry)


def _counted(
    tenants: tuple[TenantReading, ...], subscriptions: tuple[SubscriptionReading, ...], *, is_all: bool
) -> str:
    def tr(text: str) -> str:
        return QCoreApplication.translate("UnreadBox", text)

    if len(tenants) == 1 and not subscriptions:
        return tr("The tenant {} gives no list of its vaults").format(tenants[0].tenant.name)
    if len(subscriptions) == 1 and not tenants:
        return tr("The vaults of {} could not be read").format(subscriptions[0].subscription.name)
    parts = []
    if tenants:
        many = tr("{} tenants").format(len(tenants))
        parts.append(tr("1 tenant") if len(tenants) == 1 else many)
    if subscriptions:
        many = tr("{} subscriptions").format(f"{len(subscriptions):,}")
        parts.append(tr("1 subscription") if len(subscriptions) == 1 else many)
    told = tr("{} could not be read") if is_all else tr("{} could not be read; the others are listed")
    return told.format(tr(" and ").join(parts))
