"""Measure upload: a bounded probe of the line to a storage account."""

from __future__ import annotations

from app.domain.azure import StorageAccount
from app.errors import InvalidInput
from app.ports.blobs import BlobProbe, UploadProbe
from app.runtime.progress import Report, silent

MAX_BYTES = 256 * 1024 * 1024
MAX_SECONDS = 15.0
BLOCK_BYTES = 4 * 1024 * 1024


class CapacityProbe:
    """One per connection."""

    def __init__(self, blobs: BlobProbe) -> None:
        self._blobs = blobs

    async def measure_upload(self, account: StorageAccount, *, report: Report = silent) -> UploadProbe:
        """Send random data for at most 15 seconds, and delete it again, also when cancelled.

        Raises:
            InvalidInput: the account has no blob service.
            PermissionDenied: the caller may not write blobs there.
        """
        if not account.blob_endpoint:
            raise InvalidInput(
                "no_blob_service",
                f"{account.name} has no blob service to send to.",
                "Choose a general purpose storage account.",
            )
        return await self._blobs.measure_upload(
            account.blob_endpoint,
            max_bytes=MAX_BYTES,
            max_seconds=MAX_SECONDS,
            block_bytes=BLOCK_BYTES,
            report=report,
        )
