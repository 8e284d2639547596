"""What a page wants done. The wizard runs it and answers the page with `finished(request, outcome)`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.arm_id import ArmId
from app.domain.host_set_up import HostProxy, HostSetUp
from app.domain.installer import Installer, Unfinished
from app.domain.policy_presets import PolicyPreset
from app.domain.registration_key import KeyWay
from app.domain.storage_rules import StorageUse
from app.flows.action import Action
from app.flows.draft import SetUpDraft
from app.flows.host_scripts import HostScript, ScriptPlace


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
class CarryOut:
    """Carry out actions that the user has seen, then read the estate anew. The outcome is a `RunSnapshot`.

    Attributes:
        key: what it is known by while it is under way: a second press of the same joins nothing and starts nothing.
    """

    key: str
    title: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class RegisterHost:
    """Practice only: let the next waiting simulated host register in the site. The outcome is its name."""

    site: str


@dataclass(frozen=True, slots=True)
class RunScript:
    """Practice only: a waiting host runs the script that registers it, with the key that was made for the site.

    The outcome is an `app.domain.practice.HostRun`.
    """

    site: str
    host: str
    proxy: HostProxy


@dataclass(frozen=True, slots=True)
class WriteReadiness:
    """Practice only: ask where to, and have the practice vault's hosts write a readiness file there.

    The outcome is the path, or None when the question was closed.
    """


@dataclass(frozen=True, slots=True)
class MakeKey:
    """Ask where to, have a registration key made for the site, and write it there.

    The outcome is the `RegistrationKey`, or None when the question was closed.
    """

    site: str
    way: KeyWay


@dataclass(frozen=True, slots=True)
class LookAtKey:
    """Ask for a key file of somebody's, and whether it registers hosts in the site.

    The outcome is its `RegistrationKey`, or None when the question was closed; an error says what is wrong with it.
    """

    site: str


@dataclass(frozen=True, slots=True)
class SaveKeyDate:
    """Ask where to, and write the end of the site's key as a calendar entry. The outcome is the path, or None."""

    site: str


@dataclass(frozen=True, slots=True)
class SaveScripts:
    """Ask for a place and write scripts there: one as a file, several into a folder.

    The outcome is a tuple of paths, or None when the question was closed.
    """

    scripts: tuple[HostScript, ...]


@dataclass(frozen=True, slots=True)
class PrepareScripts:
    """Read what scripts are made from, before one is shown: the first would hold the loop. The outcome is None."""


@dataclass(frozen=True, slots=True)
class SaveHostScripts:
    """Ask for a folder and write the scripts of all these hosts there. The outcome is as that of `SaveScripts`."""

    hosts: HostSetUp
    place: ScriptPlace


@dataclass(frozen=True, slots=True)
class CheckStorageName:
    """Ask Azure whether the name is still free in the whole world. The outcome is an empty text, or what to do."""

    name: str


@dataclass(frozen=True, slots=True)
class CheckAddresses:
    """Ask Azure which fixed addresses are free in a network. The outcome is an `AddressAnswer` for each, by address."""

    network: ArmId
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadStorageAccess:
    """Read locks and rights on these accounts. What was read is in the `Context` of the next `load`."""

    use: StorageUse
    accounts: tuple[ArmId, ...]


@dataclass(frozen=True, slots=True)
class ReadStored:
    """Read how much these accounts hold. Answered as `ReadStorageAccess`."""

    use: StorageUse
    accounts: tuple[ArmId, ...]


@dataclass(frozen=True, slots=True)
class MeasureUpload:
    """Measure the upload to the chosen storage account. The outcome is an `app.ports.blobs.UploadProbe`."""

    account_id: str


@dataclass(frozen=True, slots=True)
class StopMeasuring:
    """Stop the measurement under way; what was written is deleted all the same."""


@dataclass(frozen=True, slots=True)
class ImportReadiness:
    """Take in files of the readiness script; none asks which. The outcome is an `Imported`, or None: nothing chosen."""

    paths: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class StopImporting:
    """Stop taking in readiness files; those that were read stay."""


@dataclass(frozen=True, slots=True)
class ForgetReadiness:
    """Remove what a host told in its readiness file. The outcome is the host’s name; None: it stays."""

    host: str


@dataclass(frozen=True, slots=True)
class JumpTo:
    """Open another step, as the review's Edit does."""

    step_id: str


@dataclass(frozen=True, slots=True)
class ShowPrerequisites:
    """Open the page that says what hosts need. Nothing is answered."""


@dataclass(frozen=True, slots=True)
class ShowLimits:
    """Open the page on which the limits to judge by are chosen. Nothing is answered."""


@dataclass(frozen=True, slots=True)
class ReadNetworkAccess:
    """Read locks and rights on these networks. What was read is in the `Context` of the next `load`."""

    networks: tuple[ArmId, ...]


@dataclass(frozen=True, slots=True)
class ReadAzureSide:
    """Read what of the prerequisites is there in the draft's subscription and vault. The outcome is an `AzureSide`."""

    draft: SetUpDraft


@dataclass(frozen=True, slots=True)
class ReadDownload:
    """Ask what is to be downloaded, and how far an earlier download came. The outcome is a `DownloadState`."""


@dataclass(frozen=True, slots=True)
class DownloadState:
    """What `ReadDownload` is answered with. `unfinished` None: there is nothing to go on with."""

    installer: Installer
    unfinished: Unfinished | None = None


@dataclass(frozen=True, slots=True)
class DownloadProvider:
    """Download the Provider's installer, or go on with what is there of it. Without a path somebody is asked for one.

    Progress is a `DownloadBegun` once it is known where to, then `DownloadProgress`. The outcome is a `Downloaded`, or
    None when the question was closed.
    """

    path: Path | None = None


@dataclass(frozen=True, slots=True)
class DownloadBegun:
    path: Path


@dataclass(frozen=True, slots=True)
class PauseDownload:
    """Stop for now; what has arrived is kept. The outcome is what is kept, an `Unfinished`, or None."""


@dataclass(frozen=True, slots=True)
class StopDownload:
    """Stop, and remove what has arrived. The outcome is None."""

    path: Path | None


@dataclass(frozen=True, slots=True)
class SaveDraftAs:
    """Ask for a place and save a copy of the draft there, to be run without a window.

    The outcome is the path, or None when the question was closed.
    """

    draft: SetUpDraft


@dataclass(frozen=True, slots=True)
class SavePreset:
    """Keep figures under a name; where it exists, ask first. The outcome is the preset, or None: nothing was kept."""

    preset: PolicyPreset


@dataclass(frozen=True, slots=True)
class RenamePreset:
    """The outcome is the new name."""

    name: str
    to: str


@dataclass(frozen=True, slots=True)
class DeletePreset:
    """Forget a preset; somebody was asked already. The outcome is its name."""

    name: str


@dataclass(frozen=True, slots=True)
class ExportPresets:
    """Ask where to, and write these into one file. The outcome is the path, or None when the question was closed."""

    presets: tuple[PolicyPreset, ...]


@dataclass(frozen=True, slots=True)
class ImportPresets:
    """Take in a file of presets; without a path somebody is asked for one.

    Names that exist are asked about before they are replaced. The outcome is a tuple of the presets that were taken in,
    or None: nothing was.
    """

    path: Path | None = None


Request = (
    ReadAgain
    | CreateVault
    | CheckVaultRights
    | CreateSite
    | CarryOut
    | RegisterHost
    | RunScript
    | WriteReadiness
    | MakeKey
    | LookAtKey
    | SaveKeyDate
    | SaveScripts
    | PrepareScripts
    | SaveHostScripts
    | CheckStorageName
    | CheckAddresses
    | ReadStorageAccess
    | ReadStored
    | MeasureUpload
    | StopMeasuring
    | ImportReadiness
    | StopImporting
    | ForgetReadiness
    | JumpTo
    | ShowPrerequisites
    | ShowLimits
    | ReadNetworkAccess
    | ReadAzureSide
    | ReadDownload
    | DownloadProvider
    | PauseDownload
    | StopDownload
    | SaveDraftAs
    | SavePreset
    | RenamePreset
    | DeletePreset
    | ExportPresets
    | ImportPresets
)
