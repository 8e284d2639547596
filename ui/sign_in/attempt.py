"""One person signing in, whoever asked for it: the panel or the sheet. It shows nothing but the progress."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.clouds import cloud_named
from app.errors import AppError
from app.ports.secrets import Secret
from app.ports.sign_in import SignedIn, SignIn, SignInMethod, SignInWish
from ui.calls import Calls
from ui.sign_in.form import Asked
from ui.sign_in.progress import SignInProgress

OpenSignIn = Callable[[], Awaitable[SignIn]]
"""The program's one way to sign in, loaded when it is first wanted."""

WITHIN_S = {SignInMethod.DEVICE_CODE: 900, SignInMethod.BROWSER: 300}
"""How long a person may take. A code that ends sooner ends sooner."""
_CODE = "sign-in"


class SignInAttempt(QObject):
    """At most one at a time. Cancelling is quiet.

    Signals:
        begun: somebody is asked now.
        ended: it is over, whatever came of it; nothing is waited for.
        signed_in: it has come about; carries the `SignedIn`.
        refused: it has not; carries the `AppError`. A code that nobody entered is told by the progress alone.
    """

    begun = Signal()
    ended = Signal()
    signed_in = Signal(object)
    refused = Signal(object)

    def __init__(
        self,
        open_sign_in: OpenSignIn,
        calls: Calls,
        progress: SignInProgress,
        parent: QObject | None = None,
        *,
        within_s: dict[SignInMethod, int] | None = None,
    ) -> None:
        super().__init__(parent)
        self._open = open_sign_in
        self._calls = calls
        self._progress = progress
        self._within_s = within_s or WITHIN_S
        self._again: Callable[[], None] | None = None
        progress.cancelled.connect(self.cancel)
        progress.renewal_requested.connect(self._on_renewal_requested)

    def ask(self, asked: Asked, secret: Secret | None) -> None:
        """Sign in as the form says; a cloud at an address of its own is asked first what it is."""

        async def wish(port: SignIn) -> SignInWish:
            cloud = cloud_named(asked.cloud) or await port.cloud_at(asked.cloud, ca=asked.ca)
            return SignInWish(
                asked.method, cloud, asked.tenant, asked.client_id, asked.username, asked.certificate, asked.ca
            )

        async def keep(port: SignIn) -> bool:
            return asked.keep

        self._begin(asked.method, wish, secret, keep)

    def ask_again(self, wish: SignInWish, secret: Secret | None, *, keep: bool) -> None:
        """Sign in once more as before, and keep it as it was kept; `keep` says how where nothing is known of that."""

        async def same(port: SignIn) -> SignInWish:
            return wish

        async def as_before(port: SignIn) -> bool:
            try:
                return (await port.resume(wish)).kept.is_lasting
            except AppError:
                return keep

        self._begin(wish.method, same, secret, as_before)

    def cancel(self) -> None:
        """Nobody wants to sign in any more; what was signed in before stays so."""
        self._calls.cancel(_CODE)
        self._progress.end()
        self.ended.emit()

    def _begin(
        self,
        method: SignInMethod,
        wish: Callable[[SignIn], Awaitable[SignInWish]],
        secret: Secret | None,
        keep: Callable[[SignIn], Awaitable[bool]],
    ) -> None:
        within_s = self._within_s.get(method, WITHIN_S[SignInMethod.BROWSER])

        async def sign_in() -> SignedIn:
            try:
                port = await self._open()
                show = partial(self._progress.show_code, within_s=within_s)
                asked, is_kept = await wish(port), await keep(port)
                return await port.sign_in(asked, secret, show=show, within_s=within_s, keep=is_kept)
            except AppError:
                raise
            except Exception:  # a fault of ours: it is told elsewhere, but nobody is to wait here for its end
                self._progress.end()
                self.ended.emit()
                raise

        if method is SignInMethod.DEVICE_CODE:  # it has no secret that would have to be held until then
            self._again = partial(self._begin, method, wish, None, keep)
        self._progress.begin(method, within_s)
        self.begun.emit()
        self._calls.run(
            _CODE,
            sign_in,
            doing=self.tr("Signing in"),
            on_result=self._take,
            on_error=partial(self._refuse, method),
            repeats=False,
        )

    def _on_renewal_requested(self) -> None:
        if self._again is not None:
            self._again()

    def _take(self, signed_in: SignedIn) -> None:
        self._progress.end()
        self.ended.emit()
        self.signed_in.emit(signed_in)

    def _refuse(self, method: SignInMethod, error: AppError) -> None:
        if method is SignInMethod.DEVICE_CODE and error.code == "TimedOut":
            self._progress.show_expired()
            return
        self._progress.end()
        self.ended.emit()
        self.refused.emit(error)
