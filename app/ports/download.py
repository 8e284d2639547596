"""Files from the web, in parts, and what signs them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.domain.installer import Signature


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """The head of an answer, and its body as it arrives.

    Attributes:
        status: after all redirects: 200 is the whole file, 206 a part, 416 says that there is no such part.
        validator: what tells this file from a later one under the same address; empty where nothing does.
        first, last, total: of a part, as the answer says; of a whole file from 0 on. None where it does not say.
        chunks: raises `Unreachable` where the line breaks, and where the body is shorter than promised.
    """

    status: int
    validator: str
    first: int | None
    last: int | None
    total: int | None
    chunks: AsyncIterator[bytes]


class FileSource(Protocol):
    def open(self, link: str, *, start: int = 0, validator: str = "") -> AbstractAsyncContextManager[PartAnswer]:
        """Ask for a file from its byte `start` on, and for all of it if `validator` no longer fits.

        Redirects are followed to https addresses alone. Nothing of the caller's sign-in is sent.

        Raises, when entered:
            Unreachable: no answer, or one from something in between.
            NotFound: the address leads nowhere.
            NotSupported: it leads where nothing may be downloaded from.
            ServiceFault: any other refusal.
        """
        ...


class SignatureCheck(Protocol):
    async def check(self, file: Path, signer: str) -> Signature:
        """Look whether `signer` signed the file as it is. Whatever goes wrong with looking is NOT_CHECKED."""
        ...
