"""The program's one way to sign in, loaded when it is first wanted, and shared by every connection."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from app.ports.sign_in import SignIn
from app.runtime.single_flight import SingleFlight


class SignInDoor:
    """Call it for the one sign-in. `open_one` makes it, off the loop and piece by piece.

    There has to be but one: what somebody has signed in to counts for all connections that want the same.
    """

    def __init__(self, open_one: Callable[[], Coroutine[Any, Any, SignIn]]) -> None:
        self._open_one = open_one
        self._opened: SignIn | None = None
        self._flight: SingleFlight[SignIn] = SingleFlight()

    async def __call__(self) -> SignIn:
        if self._opened is None:
            self._opened = await self._flight.run("open", self._open_one)
        return self._opened

    async def aclose(self) -> None:
        """Close the lines, if any was opened; what is kept stays kept."""
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.aclose()
