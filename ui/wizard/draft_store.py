"""Where the wizard's draft lives: one file, written in a thread, the newest answers last."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime
from pathlib import Path

from app.errors import AppError
from app.flows.draft import SetUpDraft
from app.flows.draft_file import SavedDraft, load_draft, save_draft


class DraftStore:
    """The file of one set-up. `path` None keeps nothing, for a practice vault that is forgotten as well.

    One that `is_read_only` leaves the file to the other window that writes it.
    """

    def __init__(self, path: Path | None, *, is_read_only: bool = False) -> None:
        self.is_read_only = is_read_only
        self._path = path
        self._lock = threading.Lock()
        self._asked = 0
        self._written = 0

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def key(self) -> str:
        """What runs that come from this draft are known by in the journal."""
        return str(self._path.resolve()) if self._path is not None else "set-up"

    async def load(self) -> SavedDraft | None:
        """The draft as it was saved; None when there is no file yet.

        Raises:
            InvalidInput: the file is damaged, or of a newer program.
            AppError: it cannot be read.
        """
        path = self._path
        if path is None or not await asyncio.to_thread(path.exists):
            return None
        return await asyncio.to_thread(load_draft, path)

    async def save(self, draft: SetUpDraft, *, saved_at: datetime, steps_done: int) -> None:
        """Write the draft, unless a newer one was written meanwhile: a cancelled save still ends in its thread.

        Raises:
            AppError: the file cannot be written.
        """
        self._asked += 1
        await asyncio.to_thread(self._write, self._asked, draft, saved_at, steps_done)

    def _write(self, number: int, draft: SetUpDraft, saved_at: datetime, steps_done: int) -> None:
        path = self._path
        if path is None or self.is_read_only:
            return
        with self._lock:
            if number < self._written:
                return
            try:
                save_draft(path, draft, saved_at=saved_at, steps_done=steps_done)
            except OSError as error:
                reason = error.strerror or "it cannot be written"
                raise AppError(
                    "DraftNotSaved",
                    f"The draft can’t be saved: {reason}.",
                    f"Make room or give this program the right to write to {path.parent}. Your answers stay here.",
                    retryable=True,
                ) from error
            self._written = number
