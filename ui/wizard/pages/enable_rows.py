"""What the grid of machines shows, row by row, and what was set on machines that are not chosen.

A draft holds chosen machines only. A size or a name that somebody set before ticking the box, or a wrong name that
cannot go into the draft, lives here. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.differing import differing
from app.domain.issue import Issue, Suitability, Verdict
from app.domain.machine_sizes import fitting_sizes
from app.domain.naming_rules import check_name, suggest_azure_name
from app.domain.network_rules import judge_subnet
from app.domain.protection import OsType, ProtectableItem, SourceDisk
from app.domain.reported import Told, completed, told_of
from app.domain.rules import NameKind, Rules
from app.domain.support import READY, REPLICATING, judge_machine, likely_os_disk
from app.flows.draft import MachineChoice, SetUpDraft
from app.flows.network_need import target_subnets
from app.flows.places import site_of
from app.flows.step import Context

MACHINES = "machines"
"""The draft path of the whole choice; those of a machine's answers are `machines.{machine id}.{answer}`."""

_GONE = Verdict(
    Suitability.BLOCKED,
    "Not reported",
    "No host reports this machine any more.",
    "Take it out of the choice, or refresh its host.",
)


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One machine.

    Attributes:
        choice: how it will live in Azure; also while it is not chosen.
        item: None when no host reports the machine any more.
        told: what the readiness file of its host says of it.
        verdict: of the machine as it is set up now.
        may_be_chosen: whether the machine itself allows it; what is set up wrongly can be set right.
        subnet: where it will be, its own choice or the network's default.
        typed_name: a wrong Azure name as it was typed; `choice` then still has the last right one.
        problem: what is wrong with an answer, and `problem_at` which one it is.
    """

    choice: MachineChoice
    item: ProtectableItem | None
    verdict: Verdict = READY
    told: Told | None = None
    may_be_chosen: bool = True
    is_replicating: bool = False
    subnet: str = ""
    typed_name: str | None = None
    problem: str = ""
    problem_word: str = ""
    problem_at: str = ""

    @property
    def key(self) -> str:
        return self.choice.machine_id.lower()

    @property
    def name(self) -> str:
        return self.item.friendly_name if self.item else self.choice.name

    @property
    def azure_name(self) -> str:
        """The Azure name as the cell shows it, right or wrong."""
        return self.choice.azure_name if self.typed_name is None else self.typed_name

    @property
    def disks(self) -> tuple[SourceDisk, ...]:
        return self.item.disks if self.item else ()

    @property
    def os_disk(self) -> SourceDisk | None:
        return next((disk for disk in self.disks if disk.vhd_id == self.choice.os_disk_id), None)

    @property
    def size_mib(self) -> int:
        """What is replicated: the chosen disks."""
        return sum(disk.size_mib for disk in self.disks if disk.vhd_id in self.choice.disk_ids)

    @property
    def data_disk_count(self) -> int:
        return sum(disk_id != self.choice.os_disk_id for disk_id in self.choice.disk_ids)


class Offer:
    """What the target offers: subnets, the one taken where none is chosen, and sizes."""

    def __init__(self, draft: SetUpDraft, context: Context) -> None:
        choice = draft.target.network
        subnets = target_subnets(draft, context.estate)
        self.rules = context.rules
        self.profiles = context.profiles
        self.reports = context.reports
        self.subnets = tuple(each.name for each in subnets if judge_subnet(each, 0, context.rules).is_usable)
        self.default_subnet = choice.subnet
        self.sizes = context.estate.compute_sizes
        self._fitting: dict[tuple[int, int], tuple[str, ...]] = {}

    def sizes_for(self, data_disks: int, generation: int) -> tuple[str, ...]:
        """Names of the sizes that take such a machine, the smallest first.

        Remembered, since a bulk edit asks for the same few combinations a thousand times.
        """
        known = self._fitting.get((data_disks, generation))
        if known is None:
            fitting = fitting_sizes(self.sizes, data_disks=data_disks, generation=generation, rules=self.rules)
            known = self._fitting[data_disks, generation] = tuple(size.name for size in fitting)
        return known


class MachineRows:
    """Makes the rows of a draft, and remembers those it made."""

    def __init__(self) -> None:
        self._rows: dict[str, MachineRow] = {}
        self._issues: Mapping[str, tuple[Issue, ...]] = {}
        self._edited: set[str] = set()
        self._insists = False
        self._rules: Rules | None = None
        self._are_rules_new = False

    def build(self, draft: SetUpDraft, context: Context, offer: Offer) -> list[MachineRow]:
        """All machines of the site by name, then chosen ones that nobody reports any more. What stays is the same."""
        self._are_rules_new = self._rules is not offer.rules
        self._rules = offer.rules
        site = site_of(draft, context.estate)
        reported = context.estate.protectable_at(site) if site else ()
        items = sorted(reported, key=lambda item: item.friendly_name.casefold())
        chosen = {choice.machine_id.lower(): choice for choice in draft.machines}
        taken = {item.friendly_name.lower() for item in items} | context.estate.machine_names
        rows = []
        for item in items:
            is_replicating = item.is_protected or context.estate.protected(item.name) is not None
            row = self._row(item, chosen.pop(item.name.lower(), None), offer, taken, is_replicating)
            rows.append(self.keep(row))
        rows += [self.keep(self._gone(choice)) for choice in chosen.values()]
        return rows

    def keep(self, row: MachineRow) -> MachineRow:
        """Remember a row, as it is said to be now; returns the older one where nothing differs."""
        row = self._with_problem(row)
        older = self._rows.get(row.key)
        if older == row:
            return older
        self._rows[row.key] = row
        return row

    def edited(self, row: MachineRow, rules: Rules) -> MachineRow:
        """The row after somebody changed it: judged anew where that can say something else."""
        self._edited.add(row.key)
        older = self._rows.get(row.key)
        if row.item is None or (older is not None and _judged_by(older.choice) == _judged_by(row.choice)):
            return self.keep(row)
        return self.keep(replace(row, verdict=_judge(row.item, row.choice, rules, row.told)))

    def show_issues(self, issues: Iterable[Issue], *, insist: bool) -> None:
        """What the flow says against chosen machines. Before `insist` it is shown of rows that were edited only."""
        found: dict[str, tuple[Issue, ...]] = {}
        for issue in issues:
            section, _, rest = issue.field.partition(".")
            if section == MACHINES and rest and issue.is_blocking:
                key = rest.partition(".")[0].lower()
                found[key] = (*found.get(key, ()), issue)
        self._issues = found
        self._insists = insist

    def _row(
        self,
        item: ProtectableItem,
        choice: MachineChoice | None,
        offer: Offer,
        taken: set[str],
        is_replicating: bool,
    ) -> MachineRow:
        told = told_of(item.name, offer.reports)
        item = completed(item, told)
        older = self._rows.get(item.name.lower())
        if older is not None and (older.item != item or older.told != told):
            older = None
        if choice is None:
            choice = older.choice if older else _first_choice(item, offer.rules, taken)
        typed = older.typed_name if older and older.choice.azure_name == choice.azure_name else None
        subnet = choice.subnet or offer.default_subnet
        is_same = older is not None and older.choice == choice and older.is_replicating == is_replicating
        if older is not None and is_same and not self._are_rules_new:
            return older if older.subnet == subnet else replace(older, subnet=subnet)
        may_be_chosen = not is_replicating and judge_machine(item, offer.rules, told).is_usable
        verdict = REPLICATING if is_replicating else _judge(item, choice, offer.rules, told)
        return MachineRow(choice, item, verdict, told, may_be_chosen, is_replicating, subnet, typed)

    def _gone(self, choice: MachineChoice) -> MachineRow:
        return MachineRow(choice, None, _GONE, subnet=choice.subnet)

    def _with_problem(self, row: MachineRow) -> MachineRow:
        issue = self._shown_issue(row)
        if issue is None:
            return replace(row, problem="", problem_word="", problem_at="") if row.problem else row
        about = f"{row.choice.name}: "
        return replace(
            row,
            problem=_as_sentence(issue.text.removeprefix(about)),
            problem_word=_as_sentence(issue.short.removeprefix(about)),
            problem_at=issue.field.rpartition(".")[2] if issue.field.count(".") > 1 else "",
        )

    def _shown_issue(self, row: MachineRow) -> Issue | None:
        if row.typed_name is not None:
            return name_issue(row)
        if row.item is None or not (self._insists or row.key in self._edited):
            return None
        return next(iter(self._issues.get(row.key, ())), None)


def name_issue(row: MachineRow) -> Issue:
    """What is wrong with a name that was typed; `apply_name` has put the sentence there."""
    return Issue(
        f"{MACHINES}.{row.choice.machine_id}.azure_name",
        f"{row.choice.name}: {row.problem}",
        short=f"{row.choice.name}: Azure name",
    )


def differs(row: MachineRow, offer: Offer) -> str:
    """What other profiles of limits say of the machine as it is set up; empty where they agree."""
    item = row.item
    if item is None or row.is_replicating:
        return ""
    return differing(lambda rules: _judge(item, row.choice, rules, row.told), offer.rules, offer.profiles)


def apply_name(row: MachineRow, text: str, rules: Rules) -> MachineRow:
    """The row with another Azure name: in the choice when it is right, else as it was typed."""
    problem = check_name(NameKind.MACHINE, text, rules)
    if problem:
        return replace(row, typed_name=text, problem=problem)
    return replace(row, typed_name=None, problem="", choice=replace(row.choice, azure_name=text))


def _first_choice(item: ProtectableItem, rules: Rules, taken: set[str]) -> MachineChoice:
    """The machine as it is, with all its disks, and a name that Azure takes."""
    os_disk = likely_os_disk(item)
    name = item.friendly_name
    if check_name(NameKind.MACHINE, name, rules):
        name = suggest_azure_name(name, rules, taken)
        taken.add(name.lower())
    return MachineChoice(
        machine_id=item.name,
        name=item.friendly_name,
        azure_name=name,
        os_type=item.os_type.value,
        os_disk_id=os_disk.vhd_id if os_disk else "",
        disk_ids=tuple(disk.vhd_id for disk in item.disks),
    )


def _judged_by(choice: MachineChoice) -> tuple[object, ...]:
    """What of a choice the verdict depends on; a size or a subnet is set for a thousand machines at once."""
    return (choice.os_type, choice.os_disk_id, choice.disk_ids, choice.azure_name)


def _judge(item: ProtectableItem, choice: MachineChoice, rules: Rules, told: Told | None) -> Verdict:
    """The verdict on the machine as it is set up: its system as chosen, its disks without those left out."""
    disks = tuple(
        replace(disk, kind="OperatingSystem" if disk.vhd_id == choice.os_disk_id else "Data")
        for disk in item.disks
        if disk.vhd_id in choice.disk_ids
    )
    seen = replace(item, os_type=OsType.read(choice.os_type), disks=disks if choice.os_disk_id else item.disks)
    verdict = judge_machine(replace(seen, friendly_name=choice.azure_name), rules, told)
    if verdict != READY or not check_name(NameKind.MACHINE, item.friendly_name, rules):
        return verdict
    return replace(judge_machine(seen, rules, told), remedy=f"In Azure it will be called {choice.azure_name}.")


def _as_sentence(text: str) -> str:
    """`text` as it stands by itself, after the machine's name was taken off its front."""
    return text[:1].upper() + text[1:]
