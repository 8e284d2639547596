"""What happens in the window when the sign-in of a connection ends: one banner, one sheet, and everything goes on."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.errors import AppError
from app.live.services import ConnectionSignIn
from app.ports.sign_in import SignedIn, SignIn
from ui.asking import SheetHost
from ui.notices import Notice, NoticeAction, NoticeHub
from ui.sign_in.progress import OpenPage, open_in_browser
from ui.sign_in.sheet import SignInSheet
from ui.sign_in.words import details_of, why_ended
from ui.theme.theme import Theme
from ui.theme.tokens import Status

ENDED = "sign_in.ended"
OTHER_ACCOUNT = "sign_in.account"


class SignInWatch(QObject):
    """One per connection that was signed in to, for as long as it is open. While it is there, whatever meets the end of
    the sign-in waits: runs, watched jobs, and the calls whose news go to its notices.

    The banner comes back when it was closed and something needs the sign-in again.

    Signals:
        renewed: somebody has signed in again; what was read before may be old.
    """

    renewed = Signal()

    def __init__(
        self,
        theme: Theme,
        host: SheetHost,
        notices: NoticeHub,
        sign_in: ConnectionSignIn,
        *,
        name: str,
        account: str = "",
        keep: bool = True,
        open_page: OpenPage = open_in_browser,
        parent: QObject | None = None,
    ) -> None:
        """`notices` are those of this connection alone; `account` is who was signed in, `keep` whether that is kept."""
        super().__init__(parent)
        self._theme = theme
        self._host = host
        self._notices = notices
        self._sign_in = sign_in
        self._name = name
        self._account = account
        self._keep = keep
        self._open_page = open_page
        self._sheet: SignInSheet | None = None
        self._has_ended = False
        self._renewal = sign_in.renewal
        self._leave = self._renewal.attend(self._on_renewal_changed)
        notices.renewal = self._renewal
        self._on_renewal_changed()

    @property
    def sheet(self) -> SignInSheet | None:
        """The sheet to sign in again, while it is open."""
        return self._sheet

    def close(self) -> None:
        """The connection is closed: nobody is there to sign in any more, and whatever waits is told so."""
        self._leave()
        if self._notices.renewal is self._renewal:
            self._notices.renewal = None
        self._notices.withdraw(ENDED)
        if self._sheet is not None:
            self._sheet.close_sheet()

    def sign_in_again(self) -> None:
        """Open the sheet. A way in which nothing has to be typed here begins at once."""
        if self._sheet is not None:
            return
        error = self._renewal.error

        async def port() -> SignIn:
            return self._sign_in.port

        sheet = SignInSheet(
            self._theme,
            port,
            self._notices,
            self._sign_in.wish,
            reason=error if isinstance(error, AppError) else None,
            account=self._account,
            keep=self._keep,
            open_page=self._open_page,
        )
        sheet.signed_in.connect(self._on_signed_in)
        sheet.closed.connect(self._on_sheet_closed)
        self._sheet = sheet
        self._host.open_sheet(sheet)
        if self._sign_in.wish.method.is_interactive:
            sheet.begin()

    def _on_renewal_changed(self) -> None:
        error = self._renewal.error
        if isinstance(error, AppError):
            self._has_ended = True
            self._notices.post(self._banner(error))
        elif self._has_ended:
            self._has_ended = False
            self._notices.withdraw(ENDED)
            if self._sheet is not None and not self._sheet.is_busy:  # renewed elsewhere
                self._sheet.close_sheet()
            self.renewed.emit()

    def _banner(self, error: AppError) -> Notice:
        actions = [NoticeAction(self.tr("Sign in…"), self.sign_in_again)]
        details = details_of(error)
        if details:
            actions.append(NoticeAction(self.tr("Copy details"), partial(_copy, details)))
        title = self.tr("Your sign-in to {} has ended").format(self._name)
        text = self.tr("{} What is under way waits, and goes on when you have signed in.").format(why_ended(error))
        return Notice(ENDED, Status.WARNING, title, text, tuple(actions), urgent=True)

    def _on_signed_in(self, signed_in: SignedIn) -> None:
        before, self._account = self._account, signed_in.account.name
        if before and before.casefold() != self._account.casefold():
            title = self.tr("You are signed in as {} now").format(self._account)
            text = self.tr("Before it was {}. What you may do here can be different.").format(before)
            self._notices.post(Notice(OTHER_ACCOUNT, Status.WARNING, title, text))

    def _on_sheet_closed(self) -> None:
        self._sheet = None


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
