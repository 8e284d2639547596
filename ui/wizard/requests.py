"""What a page wants done. The wizard runs it and answers the page with `finished(request, outcome)`."""

from __future__ import annotations

from dataclasses import dataclass

from app.flows.draft import SetUpDraft


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """Read the estate from Azure anew."""


@dataclass(frozen=True, slots=True)
class CreateVault:
    """Create the draft's vault, and its resource group where absent, after the user has seen the list of actions.

    The outcome is the `RunSnapshot` with every action confirmed; the draft has the vault as chosen then.
    """

    draft: SetUpDraft


@dataclass(frozen=True, slots=True)
class CheckVaultRights:
    """Ask Azure whether the draft's new vault may be created. The outcome is an `Obstacle`, or None."""

    draft: SetUpDraft


@dataclass(frozen=True, slots=True)
class CreateSite:
    """Create the draft's Hyper-V site, after the user has seen the list of actions. The outcome is a `RunSnapshot`."""

    draft: SetUpDraft


@dataclass(frozen=True, slots=True)
class RegisterHost:
    """Practice only: let the next waiting simulated host register in the site. The outcome is its name."""

    site: str


@dataclass(frozen=True, slots=True)
class CheckStorageName:
    """Ask Azure whether the name is still free in the whole world. The outcome is an empty text, or what to do."""

    name: str


@dataclass(frozen=True, slots=True)
class MeasureUpload:
    """Measure the upload to the chosen storage account. The outcome is an `app.ports.blobs.UploadProbe`."""

    account_id: str


@dataclass(frozen=True, slots=True)
class StopMeasuring:
    """Stop the measurement under way; what was written is deleted all the same."""


@dataclass(frozen=True, slots=True)
class JumpTo:
    """Open another step, as the review's Edit does."""

    step_id: str


@dataclass(frozen=True, slots=True)
class ShowPrerequisites:
    """Open the page that says what hosts need. Nothing is answered."""


@dataclass(frozen=True, slots=True)
class SaveDraftAs:
    """Ask for a place and save a copy of the draft there, to be run without a window.

    The outcome is the path, or None when the question was closed.
    """

    draft: SetUpDraft


Request = (
    ReadAgain
    | CreateVault
    | CheckVaultRights
    | CreateSite
    | RegisterHost
    | CheckStorageName
    | MeasureUpload
    | StopMeasuring
    | JumpTo
    | ShowPrerequisites
    | SaveDraftAs
)
