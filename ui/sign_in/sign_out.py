"""Signing out: asked first, then nothing of the sign-in is kept on this computer any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from app.ports.sign_in import SignInMethod, SignInWish
from ui.asking import Asking, Question
from ui.calls import Calls
from ui.notices import Notice, NoticeHub
from ui.sign_in.attempt import OpenSignIn
from ui.theme.tokens import Status

SIGNED_OUT = "sign_in.out"


class SignOut(QObject):
    """The action "Sign out", for the menu of a connection."""

    def __init__(
        self, open_sign_in: OpenSignIn, notices: NoticeHub, asking: Asking, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._open = open_sign_in
        self._notices = notices
        self._asking = asking
        self._calls = Calls(self, notices)

    def ask(
        self, wish: SignInWish, name: str, on_done: Callable[[], object], *, shared_with: Sequence[str] = ()
    ) -> None:
        """Ask, sign out, say so, and call `on_done`; it is not called when the user thinks better of it.

        `shared_with` names the other connections that stand on this sign-in.
        """

        async def sign_out() -> bool:
            if not await self._asking.confirm(self._question(wish, name, shared_with)):
                return False
            await (await self._open()).sign_out(wish)
            return True

        def tell(is_out: bool) -> None:
            if is_out:
                title = self.tr("Signed out of {}").format(name)
                self._notices.post(Notice(SIGNED_OUT, Status.OK, title, self._what_is_left(wish)))
                on_done()

        self._calls.run("sign-out", sign_out, doing=self.tr("Signing out"), on_result=tell, repeats=False)

    def _question(self, wish: SignInWish, name: str, shared_with: Sequence[str]) -> Question:
        text = self.tr(
            "Every token and secret that this program keeps for it on this computer is removed. "
            "The connection stays; to open it you sign in again."
        )
        effects = [(Status.WARNING, self.tr("{} is signed out as well.").format(other)) for other in shared_with]
        effects.append((Status.INFO, self._elsewhere(wish)))
        return Question(self.tr("Sign out of {}?").format(name), text, self.tr("Sign out"), tuple(effects))

    def _what_is_left(self, wish: SignInWish) -> str:
        return self.tr("This program keeps no token and no secret of it any more. {}").format(self._elsewhere(wish))

    def _elsewhere(self, wish: SignInWish) -> str:
        """What signing out here does not end."""
        match wish.method:
            case SignInMethod.AZURE_CLI:
                return self.tr("The Azure CLI stays signed in; “az logout” ends that.")
            case SignInMethod.AZURE_POWERSHELL:
                return self.tr("Azure PowerShell stays signed in; “Disconnect-AzAccount” ends that.")
            case SignInMethod.WINDOWS_ACCOUNT:
                return self.tr("Windows stays signed in with the account.")
            case SignInMethod.CLIENT_SECRET | SignInMethod.CERTIFICATE:
                return self.tr("The secret or certificate itself still counts; it can be taken back in the portal.")
            case _:
                return self.tr("The browser may stay signed in with the account.")
