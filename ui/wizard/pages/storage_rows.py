"""Storage accounts as the rows of the target page's tables: judged for a draft, in the order they are shown in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from operator import itemgetter

from PySide6.QtCore import QCoreApplication

from app.domain.arm_id import ArmId
from app.domain.azure import StorageAccount
from app.domain.bulk import Bulk
from app.domain.estate import NO_REPLICAS
from app.domain.issue import Suitability, Verdict
from app.domain.resource_access import NOTHING_KNOWN, ResourceAccess
from app.domain.sizes import bytes_text, size_text
from app.domain.storage_rules import PREMIUM, StorageUse, short_word, storage_verdicts
from app.flows.draft import SetUpDraft, StorageChoice
from app.flows.places import location_of, logs_id, storage_id
from app.flows.step import Context, counted

_ADVISED_FOR_LOGS = ("LRS",)
"""Logs are deleted as soon as they are applied: a copy in another region costs more and gains little."""

_RANK = {status: status.rank for status in Suitability}

Keyed = list[tuple[str, StorageAccount]]
"""Accounts with the keys of their ids, which take longer to make than everything else here."""


def tr(text: str) -> str:
    return QCoreApplication.translate("StorageCard", text)


class StorageRow(Bulk, frozen=True):
    """An account as the table shows it. `new` is what the run will create; it has no verdict of Azure's.

    Attributes:
        verdicts: all there is to say of it, never empty; the first decides.
        used_bytes: what Azure counted in it; None while that is not known.
        machines, disks_mib: of this vault, that replicate to it.
    """

    key: str
    id: ArmId
    name: str
    redundancy: str
    kind: str
    region: str
    group: str
    verdicts: tuple[Verdict, ...]
    is_advised: bool = False
    used_bytes: int | None = None
    machines: int = 0
    disks_mib: int = 0
    new: StorageChoice | None = None

    @property
    def verdict(self) -> Verdict:
        return self.verdicts[0]

    @property
    def is_usable(self) -> bool:
        return self.verdicts[0].is_usable

    @property
    def word(self) -> str:
        return short_word(self.verdicts)

    @property
    def explanation(self) -> str:
        """All reasons in sentences."""
        return "\n".join(explained(verdict) for verdict in self.verdicts if verdict.reason)

    @property
    def stored(self) -> str:
        """What is in it, as short as a cell: `1.2 TiB, 12 machines`; empty where nothing is known."""
        machines = counted(self.machines, "machine") if self.machines else ""
        if self.used_bytes is None:
            return machines
        if not self.used_bytes and not machines:
            return tr("Empty")
        return ", ".join(filter(None, (bytes_text(self.used_bytes), machines)))

    @property
    def contents(self) -> str:
        """The same in sentences, with what is not known."""
        parts = []
        if self.machines:
            machines = counted(self.machines, "machine")
            disks = tr("; their disks have {}").format(size_text(self.disks_mib)) if self.disks_mib else ""
            parts.append(tr("{0} of this vault replicate to it{1}.").format(machines, disks))
        if self.used_bytes is None:
            parts.append(tr("How much is stored there is not known."))
        elif not self.used_bytes:
            parts.append(tr("Azure counted nothing stored there; it counts once a day."))
        else:
            parts.append(tr("Azure counted {} stored there; it counts once a day.").format(bytes_text(self.used_bytes)))
        return " ".join(parts)


class StorageRows:
    """Judges accounts for one draft and context. Many accounts are alike, so that few have to be judged."""

    def __init__(self, draft: SetUpDraft, context: Context, use: StorageUse) -> None:
        self._rules = context.rules
        self._facts = context.storage
        self._use = use
        self._now = context.now
        self._location = location_of(draft, context.estate)
        self._frequency = draft.policy.copy_frequency_s
        self._replicas = context.estate.replicas_by_account
        self._judged: dict[tuple[object, ...], tuple[Verdict, ...]] = {}
        of_data = context.rules.storage.advised_redundancies
        self._advised = of_data if use is StorageUse.DATA else _ADVISED_FOR_LOGS

    @property
    def ground(self) -> tuple[str, int, tuple[str, ...]]:
        """What of the draft and of the day the judgement depends on."""
        retired = tuple(kind.id for kind in self._rules.new_storage.kinds if kind.is_retired(self._now))
        return self._location, self._frequency, retired

    def judged(self, account: StorageAccount) -> tuple[Verdict, ...]:
        """By all that is known."""
        return self._judge(account, self._facts.access_to(account.id) if self._facts.access else NOTHING_KNOWN)

    def would_suit(self, account: StorageAccount) -> bool:
        """Whether it could be used but for locks and rights, which may have changed since they were read."""
        return self._judge(account, NOTHING_KNOWN)[0].is_usable

    def _judge(self, account: StorageAccount, known: ResourceAccess) -> tuple[Verdict, ...]:
        alike = (
            account.location,
            account.kind,
            account.tier,
            account.redundancy,
            account.access_tier,
            account.firewall_denies,
            account.provisioning_state,
            id(known),  # the facts hold it as long as this is used
        )
        found = self._judged.get(alike)
        if found is None:
            found = storage_verdicts(account, self._location, self._frequency, self._rules, self._use, known, self._now)
            self._judged[alike] = found
        return found

    def in_order(self, accounts: Iterable[StorageAccount]) -> Keyed:
        """Those that suit best first, the advised ones before others, by name."""
        ranked = [
            (_RANK[self.judged(each)[0].status], each.redundancy not in self._advised, each.name, each.id.key, each)
            for each in accounts
        ]
        ranked.sort(key=itemgetter(0, 1, 2, 3))
        return [(account_key, each) for _, _, _, account_key, each in ranked]

    def row(self, account_key: str, account: StorageAccount) -> StorageRow:
        has_tier = account.access_tier and account.access_tier != account.tier
        replicas = self._replicas.get(account_key, NO_REPLICAS)
        return StorageRow(
            account_key,
            account.id,
            account.name,
            f"{account.tier} {account.redundancy}" if account.tier == PREMIUM else account.redundancy,
            f"{account.kind}, {account.access_tier}" if has_tier else account.kind,
            self._rules.region_name(account.location),
            account.id.resource_group,
            self.judged(account),
            account.redundancy in self._advised,
            self._facts.used_bytes.get(account_key),
            replicas.machines,
            replicas.disks_mib,
        )


def new_row(choice: StorageChoice, use: StorageUse, draft: SetUpDraft, context: Context) -> StorageRow | None:
    """The account to be created, as long as there is none of its id."""
    wanted = account_id_of(with_choice(draft, use, choice), use)
    if wanted is None or context.estate.storage_account(wanted.text) is not None:
        return None
    return StorageRow(
        wanted.key,
        wanted,
        choice.name,
        choice.redundancy,
        choice.kind,
        context.rules.region_name(location_of(draft, context.estate)),
        wanted.resource_group,
        (Verdict(Suitability.OK, tr("Created when you run")),),
        new=choice,
    )


def choice_of(draft: SetUpDraft, use: StorageUse) -> StorageChoice:
    return draft.target.storage if use is StorageUse.DATA else draft.target.logs


def with_choice(draft: SetUpDraft, use: StorageUse, choice: StorageChoice) -> SetUpDraft:
    target = draft.target
    changed = replace(target, storage=choice) if use is StorageUse.DATA else replace(target, logs=choice)
    return replace(draft, target=changed)


def account_id_of(draft: SetUpDraft, use: StorageUse) -> ArmId | None:
    return storage_id(draft) if use is StorageUse.DATA else logs_id(draft)


def explained(verdict: Verdict) -> str:
    return f"{verdict.reason} {verdict.remedy}".strip()
