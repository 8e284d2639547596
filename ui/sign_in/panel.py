"""The panel to sign in to a cloud, by any way that this computer knows. First part of the page to connect to Azure.

What was typed stays when signing in does not work; secrets alone leave their fields as soon as they are used.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import AppError
from app.ports.sign_in import Kept, SignedIn, SignInMethod, SignInWish
from ui.asking import Asking
from ui.calls import Calls
from ui.notices import NoticeHub
from ui.sign_in.attempt import OpenSignIn, SignInAttempt
from ui.sign_in.form import SignInForm
from ui.sign_in.places import bring_into_view
from ui.sign_in.progress import Now, OpenPage, SignInProgress, open_in_browser
from ui.sign_in.refusal import RefusalLines
from ui.sign_in.words import fields_of, kept_text, signed_in_text, way_name
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status, TextStyle
from ui.widgets.buttons import Button, Kind
from ui.widgets.facts_box import Pairs
from ui.widgets.focus_ring import lead_focus
from ui.widgets.labels import StatusLine


class SignInPanel(QWidget):
    """The form, the progress in its place, or who is signed in.

    Signals:
        signed_in: somebody is; carries the `SignedIn`.
        left: who was signed in shall not be it any more; the form is back.
    """

    signed_in = Signal(object)
    left = Signal()

    def __init__(
        self,
        theme: Theme,
        open_sign_in: OpenSignIn,
        notices: NoticeHub,
        asking: Asking,
        *,
        open_page: OpenPage = open_in_browser,
        now: Now = time.time,
        within_s: dict[SignInMethod, int] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`open_sign_in` gives the program's one way to sign in; the panel asks for it when it shows first."""
        super().__init__(parent)
        self.setObjectName("sign-in-panel")
        self._theme = theme
        self._open = open_sign_in
        self._calls = Calls(self, notices)
        self._kept: dict[SignInMethod, Kept] = {}
        self._is_prepared = False
        self._result: SignedIn | None = None
        self.form = SignInForm(theme, self._calls, asking)
        self.progress = SignInProgress(theme, open_page=open_page, now=now)
        self.refusal = RefusalLines(theme)
        self._attempt = SignInAttempt(open_sign_in, self._calls, self.progress, self, within_s=within_s)
        self.sign_in_button = Button(theme, self.tr("Si&gn in"), icon="key", kind=Kind.PRIMARY)
        self.sign_in_button.setObjectName("sign-in-go")
        self._build()
        self._connect()
        self.form.set_kept(self.form.method, None)

    @property
    def result(self) -> SignedIn | None:
        """Who is signed in."""
        return self._result

    @property
    def is_busy(self) -> bool:
        """Whether somebody is signing in now."""
        return not self._waiting.isHidden()

    def set_wish(self, wish: SignInWish) -> None:
        """Begin with how another connection is signed in to."""
        self.form.set_wish(wish)

    def show_signed_in(self, signed_in: SignedIn) -> None:
        """Show who is signed in already, as when a sign-in was gone on with; nothing is emitted."""
        self._result = signed_in
        self._who.set_status(Status.OK, signed_in_text(signed_in))
        wish = signed_in.wish
        self._about_who.set_pairs(
            (
                (self.tr("Tenant"), signed_in.account.tenant),
                (self.tr("Cloud"), wish.cloud.title),
                (self.tr("Way"), way_name(wish.method)),
                (self.tr("Kept"), kept_text(wish.method, signed_in.kept)),
            )
        )
        self._show(self._done)

    def sign_in(self) -> None:
        """Do what the button does."""
        if self.is_busy:
            return
        self.refusal.clear()
        self.form.clear_issues()
        self._attempt.ask(self.form.asked, self.form.take_secret())

    def cancel(self) -> None:
        """Stop waiting for whoever signs in; quiet."""
        if self.is_busy:
            self._attempt.cancel()

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.form.first_focus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_prepared:
            self._is_prepared = True
            self._prepare()

    # Parts

    def _build(self) -> None:
        self._asks = _column(self.form, self.refusal, _row(self.sign_in_button))
        self._waiting = _column(self.progress)
        self._who = StatusLine(self._theme, style=TextStyle.STRONG)
        self._who.setObjectName("sign-in-who")
        self._about_who = Pairs()
        self.other_button = Button(self._theme, self.tr("Sign in &differently"))
        self.other_button.setObjectName("sign-in-other")
        self._done = _column(self._who, self._about_who, _row(self.other_button))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for page in (self._asks, self._waiting, self._done):
            column.addWidget(page)
        self._waiting.hide()
        self._done.hide()

    def _connect(self) -> None:
        self.sign_in_button.clicked.connect(self.sign_in)
        self.other_button.clicked.connect(self._on_other_clicked)
        self.form.method_changed.connect(self._on_method_changed)
        self.form.submitted.connect(self.sign_in)
        self.progress.device_code_requested.connect(self._on_device_code_requested)
        self.refusal.device_code_requested.connect(self._on_device_code_requested)
        self._attempt.begun.connect(lambda: self._show(self._waiting))
        self._attempt.ended.connect(self._on_ended)
        self._attempt.signed_in.connect(self._on_signed_in)
        self._attempt.refused.connect(self._on_refused)

    def _show(self, page: QWidget) -> None:
        for each in (self._asks, self._waiting, self._done):
            each.setVisible(each is page)
        if page is self._waiting:
            lead_focus(self.progress.cancel_button)

    # What this computer knows

    def _prepare(self) -> None:
        async def methods() -> tuple[SignInMethod, ...]:
            return await (await self._open()).methods()

        def take(found: tuple[SignInMethod, ...]) -> None:
            self.form.set_methods(found)
            self._look_where_kept(self.form.method)

        self._calls.run("methods", methods, doing=self.tr("Preparing the sign-in"), on_result=take)

    def _on_method_changed(self) -> None:
        self.refusal.clear()
        method = self.form.method
        self.form.set_kept(method, self._kept.get(method))
        if self._is_prepared and method not in self._kept:
            self._look_where_kept(method)

    def _look_where_kept(self, method: SignInMethod) -> None:
        async def look() -> Kept:
            return await (await self._open()).will_keep(method)

        def take(kept: Kept) -> None:
            self._kept[method] = kept
            if self.form.method is method:
                self.form.set_kept(method, kept)

        self._calls.run("kept", look, doing=self.tr("Looking where the sign-in can be kept"), on_result=take)

    # What comes of it

    def _on_ended(self) -> None:
        if self.is_busy:
            self._show(self._asks)
            self._lead_to(self.sign_in_button)

    def _on_signed_in(self, signed_in: SignedIn) -> None:
        self.show_signed_in(signed_in)
        lead_focus(self.other_button)
        self.signed_in.emit(signed_in)

    def _on_refused(self, error: AppError) -> None:
        at_fields = fields_of(error)
        elsewhere = self.form.show_issues(at_fields)
        is_at_field = bool(at_fields) and not elsewhere
        self.refusal.show_error(error, is_at_field=is_at_field)
        self._lead_to(self.form.wrong_field if is_at_field else self.sign_in_button)

    def _lead_to(self, stop: QWidget | None) -> None:
        """Put the keyboard there, and scroll to it once the form has its place again."""
        if stop is not None:
            lead_focus(stop)
            QTimer.singleShot(0, self, lambda: bring_into_view(stop))

    def _on_other_clicked(self) -> None:
        self._result = None
        self._show(self._asks)
        lead_focus(self.first_focus())
        self.left.emit()

    def _on_device_code_requested(self) -> None:
        self.cancel()
        self.form.choose_method(SignInMethod.DEVICE_CODE)
        self.sign_in()


def _column(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.L)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return page


def _row(*parts: QWidget) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.S)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return line
