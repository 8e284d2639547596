"""Blob storage, as far as the program writes to it: a bounded upload probe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.runtime.progress import Report, silent


@dataclass(frozen=True, slots=True)
class UploadProbe:
    """What an upload probe measured."""

    sent_bytes: int
    seconds: float
    left_behind: str = ""
    """The container that could not be deleted afterwards, to tell the user; empty when all is clean."""

    @property
    def megabits_per_s(self) -> float:
        return self.sent_bytes * 8 / 1_000_000 / self.seconds if self.seconds > 0 else 0.0


class BlobProbe(Protocol):
    async def measure_upload(
        self, blob_endpoint: str, *, max_bytes: int, max_seconds: float, block_bytes: int, report: Report = silent
    ) -> UploadProbe:
        """Upload random blocks into a container made for it, until either bound is reached, then delete the container.

        The container is deleted on failure and on cancellation too. Raises PermissionDenied naming the data role.
        """
        ...
