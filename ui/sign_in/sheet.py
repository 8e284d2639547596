"""The sheet to sign in again to a connection: only what cannot be known is asked for, all else is as it was."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal

from app.errors import AppError
from app.ports.sign_in import SignedIn, SignInMethod, SignInWish
from ui.calls import Calls
from ui.notices import NoticeHub
from ui.sign_in.attempt import OpenSignIn, SignInAttempt
from ui.sign_in.progress import Now, OpenPage, SignInProgress, open_in_browser
from ui.sign_in.refusal import RefusalLines
from ui.sign_in.words import way_name, why_ended
from ui.theme.theme import Theme
from ui.theme.tokens import Space, Status
from ui.widgets.callout import Refusal
from ui.widgets.facts_box import Pairs
from ui.widgets.labels import StatusLine, Text
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.secret_and_file import SecretField


class SignInSheet(ModalSheet):
    """Closing it stops the waiting, quietly; what the connection holds stays.

    Signals:
        signed_in: somebody is signed in again; carries the `SignedIn`. The sheet closes by itself.
    """

    stands_over_others = True
    signed_in = Signal(object)

    def __init__(
        self,
        theme: Theme,
        open_sign_in: OpenSignIn,
        notices: NoticeHub,
        wish: SignInWish,
        *,
        reason: AppError | None = None,
        account: str = "",
        keep: bool = True,
        open_page: OpenPage = open_in_browser,
        now: Now = time.time,
        within_s: dict[SignInMethod, int] | None = None,
    ) -> None:
        """`account` is who was signed in; `keep` whether the sign-in is to be kept as it was before."""
        super().__init__(theme, "", submit="", submit_icon="key")
        self.set_title(self.tr("Sign in again"), self.tr("What you had open stays, and goes on afterwards."))
        self.submit_button.setText(self.tr("Si&gn in"))
        self.setObjectName("sign-in-sheet")
        self._wish = wish
        self._keep = keep
        self._calls = Calls(self, notices)
        self.progress = SignInProgress(theme, open_page=open_page, now=now, offers_code=False)
        self.progress.cancel_button.hide()  # the sheet has one
        self.refusal = RefusalLines(theme, offers_code=False)
        self._reason = StatusLine(theme, Status.WARNING, "" if reason is None else why_ended(reason))
        self._reason.setVisible(reason is not None)
        self._about = Pairs(self._facts(account))
        self._hint = Text(self._what_to_do(), wrap=True)
        self.secret = SecretField(theme, self._secret_label(), optional=wish.method is SignInMethod.CERTIFICATE)
        self.secret.edit.setObjectName("sign-in-sheet-secret")
        self.secret.edit.returnPressed.connect(self.begin)
        self._attempt = SignInAttempt(open_sign_in, self._calls, self.progress, self, within_s=within_s)
        self.body.setSpacing(Space.L)
        for part in (self._reason, self._about, self._hint, self.secret, self.progress, self.refusal):
            self.body.addWidget(part)
        self.progress.hide()
        self.secret.setVisible(wish.method.is_of_application)
        self._hint.setVisible(bool(self._hint.text()))
        self.submitted.connect(self.begin)
        self.closed.connect(self._attempt.cancel)
        self._attempt.begun.connect(lambda: self._show_busy(is_busy=True))
        self._attempt.ended.connect(lambda: self._show_busy(is_busy=False))
        self._attempt.signed_in.connect(self._on_signed_in)
        self._attempt.refused.connect(self._on_refused)

    @property
    def is_busy(self) -> bool:
        """Whether somebody is signing in now."""
        return not self.progress.isHidden()

    def _facts(self, account: str) -> list[tuple[str, str]]:
        wish = self._wish
        facts = [
            (self.tr("Account"), account or wish.username),
            (self.tr("Way"), way_name(wish.method)),
            (self.tr("Cloud"), wish.cloud.title),
            (self.tr("Tenant"), wish.tenant),
            (self.tr("Client id"), wish.client_id),
            (self.tr("Certificate"), str(wish.certificate or "")),
        ]
        return [(label, value) for label, value in facts if value]

    def _what_to_do(self) -> str:
        match self._wish.method:
            case SignInMethod.AZURE_CLI:
                return self.tr("Run “az login” in a terminal for this cloud and tenant, then press Sign in.")
            case SignInMethod.AZURE_POWERSHELL:
                return self.tr("Run “Connect-AzAccount” in PowerShell for this cloud and tenant, then press Sign in.")
            case _:
                return ""

    def _secret_label(self) -> str:
        if self._wish.method is SignInMethod.CERTIFICATE:
            return self.tr("Passw&ord of the file")
        return self.tr("Client sec&ret")

    def begin(self) -> None:
        """Do what the button does."""
        if self.is_busy:
            return
        self.refusal.clear()
        self.secret.set_issue(None)
        self._attempt.ask_again(self._wish, self.secret.take(), keep=self._keep)

    def _show_busy(self, *, is_busy: bool) -> None:
        self.progress.setVisible(is_busy)
        self._hint.setVisible(not is_busy and bool(self._hint.text()))
        self.secret.setVisible(not is_busy and self._wish.method.is_of_application)
        if is_busy:
            title = self.tr("You are signing in")
            self.submit_button.refuse(Refusal(title, self.tr("Finish it as it says above, or cancel.")))
        else:
            self.submit_button.allow()

    def _on_signed_in(self, signed_in: SignedIn) -> None:
        self.signed_in.emit(signed_in)
        self.close_sheet()

    def _on_refused(self, error: AppError) -> None:
        is_secret = self._wish.method.is_of_application and error.code in (
            "WrongSecret",
            "ExpiredSecret",
            "CertificatePassword",
            "SignInWish",
        )
        if is_secret:
            self.secret.set_issue(f"{error.title}. {error.advice}")
            self.secret.reveal()
            self.lead_to(self.secret.edit)
        self.refusal.show_error(error, is_at_field=is_secret)
