"""What Azure hands back when it accepts a write, and the state of a long-running ARM operation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """A write that Azure took: what to follow, and what to write down before anything else.

    `job_id` is the ARM id of the ASR job (the last segment of both URLs names it too); empty for writes that make none
    (resource group, storage account, network, vault). `is_done` says that the answer was final: 200 or 201 without an
    operation to follow.
    """

    client_request_id: str
    target_id: str
    status_url: str = ""
    result_url: str = ""
    job_id: str = ""
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class OperationStatus:
    """One look at a status URL. A message on a good end is a remark, not a failure."""

    is_over: bool
    is_good_end: bool
    code: str = ""
    message: str = ""
    retry_after_s: float = 0.0
