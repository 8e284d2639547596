"""What a session found in place, as a scenario of the practice vault, and which of its answers only show that.

It is inferred from the paths and bodies of requests, from what their status says about what was there, and from
answers to reads of things that nothing before them in the session has written. Those reads are `seeded`. Every other
exchange is `computed`, and its answer is not looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from tests.conformance.arm import Target, dig, is_arm_id, is_list, records_in, strings_in, target_of
from tests.conformance.estate_seen import Estate, Json, Table, invented_guid, vault_name, without_container
from tests.conformance.learning import add_subnets, learn
from tests.conformance.learning_work import moment
from tests.conformance.touched import READS, Touched
from tests.support.session_files import Exchange

SEEDED, COMPUTED = "seeded", "computed"

_DEFAULT_START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_MADE_AT_ONCE = frozenset({"resourcegroups", "vaults", "virtualnetworks", "storageaccounts"})
"""Types that are answered 201 when they come new, and 200 when they were there."""
_ALWAYS_THERE = frozenset({"certificates", "replicationalertsettings", "replicationvaultsettings"})


@dataclass(frozen=True, slots=True)
class StartState:
    """Where a session begins.

    Attributes:
        scenario: in the form of the practice vault's scenarios.
        origins: `seeded` or `computed` by the exchange's index.
    """

    scenario: Json
    origins: Mapping[int, str]


def infer(exchanges: Iterable[Exchange], is_old: bool) -> StartState:
    """Walk through a session's own exchanges, in today's words.

    Args:
        is_old: the traffic is of 2017, when less was told about a machine than today.
    """
    walk = _Walk(tuple(exchanges), is_old)
    return StartState(walk.scenario(), walk.origins)


class _Walk:
    def __init__(self, exchanges: tuple[Exchange, ...], is_old: bool) -> None:
        self._is_old = is_old
        self._estate = Estate(_subscription(exchanges), _start(exchanges))
        self._touched = Touched()
        self._known: set[str] = set()
        self._created: dict[str, None] = {}
        self._absent: dict[str, None] = {}
        self._first_acts: dict[str, tuple[str, Any]] = {}
        self.origins: dict[int, str] = {}
        for exchange in exchanges:
            self._step(exchange)

    def scenario(self) -> Json:
        self._estate.forget([*self._created, *self._absent])
        complete(self._estate, self._first_acts, tells_more=not self._is_old)
        return self._estate.scenario()

    def _step(self, exchange: Exchange) -> None:
        target = target_of(exchange.path)
        is_seeded = exchange.method in READS and not self._touched.covers(target)
        self.origins[exchange.index] = SEEDED if is_seeded else COMPUTED
        if exchange.status == 404:
            if is_seeded or exchange.method not in READS:
                self._is_missing(target)
        elif exchange.status < 400 or exchange.method not in READS:
            self._is_there(exchange, target)
            if is_seeded:
                self._learn(exchange)
        if exchange.method not in READS:
            self._touched.write(target, with_all_inside=self._takes_all_along(exchange, target))

    def _is_missing(self, target: Target) -> None:
        thing = without_container(target.thing)
        if thing not in self._known:
            self._absent[thing] = None
        parent = target_of(target.path.rsplit("/", 2)[0])
        if parent.pairs:
            self._meet(parent)

    def _is_there(self, exchange: Exchange, target: Target) -> None:
        """What the request names was there, unless this or an earlier request makes it."""
        thing = without_container(target.thing)
        if exchange.method == "PUT" and not target.tail and thing not in self._known:
            if exchange.status == 200 and target.type in _MADE_AT_ONCE:
                self._learn_remaking(target, exchange.request_body)
            elif target.type not in _ALWAYS_THERE:
                self._created[thing] = None
        if thing not in self._created:
            self._known.add(thing)
        self._meet(target)
        for _, text in strings_in(exchange.request_body):
            if is_arm_id(text):
                self._meet(target_of(text))
        self._learn_request(exchange, target)

    def _learn_remaking(self, target: Target, body: Any) -> None:
        """What is put where something was is taken for what was there."""
        if isinstance(body, dict):
            learn(self._estate, body | {"id": target.path})

    def _meet(self, target: Target) -> None:
        if target.named("resourcegroups"):
            self._estate.meet(target)

    def _learn(self, exchange: Exchange) -> None:
        target = target_of(exchange.path)
        for record in records_in(exchange.body):
            is_asked_for = target.type == target_of(record["id"]).type and not target.tail
            # A plan's job is polled by the name of its operation, which is not always its own.
            learn(self._estate, record | {"id": target.path} if is_asked_for else record)
        for _, text in strings_in(exchange.body):
            if is_arm_id(text):
                target = target_of(text)
                self._known.add(without_container(target.thing))
                if target.type in _MADE_AT_ONCE:
                    self._meet(target)
        if not is_list(exchange.body):
            _learn_operation(self._estate, exchange)
        elif target.kind == "replicationprotectioncontainers" and target.fabric and not exchange.body["value"]:
            self._estate.site(target).setdefault("has_container", False)

    def _learn_request(self, exchange: Exchange, target: Target) -> None:
        """What a write asks for tells how that looked before which nothing has read."""
        if exchange.method in READS:
            return
        act = target.tail or exchange.method
        if target.type in ("replicationprotecteditems", "replicationrecoveryplans"):
            thing = without_container(target.thing)
            self._first_acts.setdefault(thing, (act, exchange.request_body))
        if target.type == "replicationprotecteditems" and exchange.method == "PUT":
            _learn_enabling(self._estate, target, exchange.request_body)
        if target.type == "replicationprotectioncontainermappings" and exchange.method == "PUT":
            self._estate.associated.add(target.fabric)
        if exchange.method == "DELETE" or target.tail.lower() == "remove":
            self._estate.removed.add(target.thing)
        if target.type == "replicationprotecteditems" and exchange.method == "PATCH":
            _learn_cards(self._estate, target, exchange.request_body)
        _learn_subnets(self._estate, exchange.request_body)

    def _takes_all_along(self, exchange: Exchange, target: Target) -> bool:
        if exchange.method == "DELETE" or target.tail.lower() == "remove":
            return True
        return exchange.method == "PUT" and without_container(target.thing) in self._created


# What the whole session tells


def _subscription(exchanges: Iterable[Exchange]) -> str:
    """The subscription of the session's vault; of whatever there is if it has no vault."""
    names = [(bool(t.vault), t.named("subscriptions")) for t in (target_of(e.path) for e in exchanges)]
    found = [name for has_vault, name in sorted(names, key=lambda pair: not pair[0]) if name]
    return (found[0] if found else invented_guid("subscription")).lower()


def _start(exchanges: tuple[Exchange, ...]) -> datetime:
    """When the first answer was given, or the last of the times that are told by the first answer that tells any."""
    for exchange in exchanges:
        try:
            return parsedate_to_datetime(exchange.headers["date"]).astimezone(UTC)
        except (KeyError, ValueError, TypeError):
            continue
    for exchange in exchanges:
        texts = strings_in(exchange.body)
        told = [at for key, text in texts if key.lower().endswith("time") and (at := moment(text))]
        if told:
            return max(told) + timedelta(seconds=1)
    return _DEFAULT_START


# What requests tell


def _learn_enabling(estate: Estate, target: Target, body: Any) -> None:
    """The machine that is to be protected, with what the request says of it."""
    details = dig(body, "properties.providerSpecificDetails") or {}
    machine_id = dig(body, "properties.protectableItemId")
    if not is_arm_id(machine_id):
        return
    policy_id = dig(body, "properties.policyId")
    if is_arm_id(policy_id) and target.fabric not in estate.associated:
        estate.asked_pairs.append((target.fabric, target_of(policy_id).name))
    item = estate.item(target)
    item["machine"] = item["machine"] or target_of(machine_id).name.lower()
    item.setdefault("asked", details)
    machine = estate.machine(target_of(machine_id))
    if machine["name"].startswith("machine-"):
        machine["name"] = details.get("vmName") or machine["name"]
    vhds = [details.get("vhdId"), *(details.get("disksToInclude") or [])]
    vhds += [disk.get("diskId") for disk in details.get("disksToIncludeForManagedDisks") or []]
    known = {disk["id"].lower() for disk in machine["disks"]}
    for vhd in dict.fromkeys(vhd for vhd in vhds if vhd):
        if vhd.lower() not in known:
            known.add(vhd.lower())
            machine["disks"].append({"id": vhd, "name": machine["name"], "size_mib": 1024, "used_mib": 256})


def _learn_cards(estate: Estate, target: Target, body: Any) -> None:
    """The network cards that a change names are those of the machine, if nothing else told of them."""
    told = dig(body, "properties.vmNics")
    names = [nic["nicId"] for nic in told or [] if isinstance(nic, dict) and isinstance(nic.get("nicId"), str)]
    estate.item(target).setdefault(
        "nics", [{"id": name, "switch": "practice-switch", "source_ip": None} for name in names]
    )


def _learn_subnets(estate: Estate, body: Any) -> None:
    """The subnets that a request names are in the network that it names."""
    texts = list(strings_in(body))
    networks = [target_of(text) for _, text in texts if "/virtualnetworks/" in text.lower()]
    names = [
        text.rsplit("/", 1)[-1] for key, text in texts if key.lower().endswith(("subnetname", "subnetid")) and text
    ]
    if networks and names:
        add_subnets(estate.network(networks[0]), names)


def _learn_operation(estate: Estate, exchange: Exchange) -> None:
    """A poll of an operation that was begun before the session."""
    target = target_of(exchange.path)
    name = target.name
    if target.type == "replicationoperationstatus" and isinstance(exchange.body, dict):
        entry = _job_of(estate, target, name)
        entry["started"] = moment(exchange.body.get("startTime")) or entry["started"]
        entry["ended"] = moment(exchange.body.get("endTime"))
        if entry["ended"] is None:
            entry["was_running"] = True
        elif entry.get("was_running"):
            entry["ended"] = max(entry["ended"], estate.start + timedelta(seconds=2))
        error = exchange.body.get("error")
        if isinstance(error, dict) and exchange.body.get("status") == "Succeeded":
            entry["remark"] = (str(error.get("code") or ""), str(error.get("message") or ""))
    elif target.type in _FOLLOWED_ELSEWHERE or (target.type == "operationresults" and not _is_in_a_vault(target)):
        status = exchange.body.get("status") if isinstance(exchange.body, dict) else None
        is_over = exchange.status == 200 and status in (None, "Succeeded", "Failed", "Canceled")
        made = {"name": name, "ends": estate.start + timedelta(seconds=-1 if is_over else 60)}
        estate.operations.setdefault(target.thing, made | {"vault": vault_name(target) if target.vault else ""})
    elif target.type == "operationresults":
        is_known = f"{target.vault}/replicationjobs/{name}".lower() in estate.jobs
        entry = _job_of(estate, target, name)
        if exchange.status == 204 and (not is_known or entry["scenario"] == _SOME_JOB[0]):
            entry["scenario"], entry["target_type"] = _REMOVALS.get(target.pairs[-2][0].lower(), _SOME_JOB)


def _is_in_a_vault(target: Target) -> bool:
    """Whether it is the result of work on something in a vault, not of work on a vault itself."""
    return bool(target.vault) and target.pairs[-2][0].lower() != "vaults"


_FOLLOWED_ELSEWHERE = frozenset({"operationstatus", "operations", "asyncoperations"})
"""Where vaults, networks and accounts have their operations followed."""

_SOME_JOB = ("RefreshVaultHealth", "Vault")
_REMOVALS = {
    "replicationprotecteditems": ("DisableDr", "ProtectionEntity"),
    "replicationfabrics": ("UnregisterFabric", "Server"),
    "replicationrecoveryservicesproviders": ("UnregisterDra", "Server"),
    "replicationpolicies": ("RemoveProtectionProfile", "ProtectionProfile"),
    "replicationprotectioncontainermappings": ("DissociateProtectionProfile", "ProtectionProfile"),
    "replicationrecoveryplans": ("DeleteRecoveryPlan", "RecoveryPlan"),
}


def _job_of(estate: Estate, target: Target, name: str) -> Json:
    estate.vault(target)
    vault = f"{target.named('resourcegroups')}/{target.named('vaults')}"
    scenario, target_type = _SOME_JOB
    made = {"name": name, "vault": vault, "scenario": scenario, "target_type": target_type}
    started = estate.start - timedelta(minutes=5)
    made |= {"started": started, "ended": started + timedelta(minutes=1)}
    return estate.jobs.setdefault(f"{target.vault}/replicationjobs/{name}".lower(), made)


# What nothing tells

_FAILED_OVER = "UnplannedFailoverCommitted"
_FAILED_OVER_NOW = "UnplannedFailoverCommitPendingStatesBegin"

_STATE_BEFORE = {
    "applyrecoverypoint": _FAILED_OVER_NOW,
    "failovercommit": _FAILED_OVER_NOW,
    "reprotect": "RestoreFinalized",
}
"""The state a machine must have been in for what was first asked of it; Protected for everything else."""


def complete(estate: Estate, first_acts: Mapping[str, tuple[str, Any]], *, tells_more: bool) -> None:
    """Invent what must have been there for what is known: hosts, machines, policies, a plan's machines.

    Args:
        tells_more: a machine tells its age and that it was never tested, as it does since 2021.
    """
    for key, plan in estate.plans.items():
        _complete_plan(estate, target_of(key), plan, first_acts.get(key))
    for key, item in estate.items.items():
        _complete_item(estate, target_of(key), item, first_acts.get(key))
        if not item.get("is_read"):
            item |= {"warns": tells_more, "tells_age": tells_more}
    _complete_mappings(estate)
    for item in estate.items.values():
        for point in item.get("points", []):
            point["at"] = point["at"] or estate.start - timedelta(hours=1)
    for key, machine in estate.machines.items():
        machine.setdefault("host", None)
        machine["host"] = machine["host"] or estate.any_host(target_of(key))
        machine["disks"] = machine["disks"] or [{"name": machine["name"], "size_mib": 1024, "used_mib": 256}]


def _complete_mappings(estate: Estate) -> None:
    """A site whose machines are or will be protected by a policy is associated with it."""
    for key, mapping in estate.mappings.items():
        fabric = target_of(key).fabric
        wanted = next((policy for site, policy in _wanted_pairs(estate) if site == fabric), "")
        mapping["policy"] = mapping["policy"] or wanted or estate.any_policy(target_of(key))["name"]
    for fabric, policy in _wanted_pairs(estate):
        target = target_of(fabric)
        mapped = {entry["policy"].lower() for key, entry in estate.mappings.items() if key.startswith(fabric + "/")}
        if policy.lower() in mapped or (not policy and mapped):
            continue
        name = policy or estate.any_policy(target)["name"]
        mapping = estate.mapping(target_of(f"{fabric}/replicationProtectionContainerMappings/practice-{name}"))
        mapping["policy"] = name


def _wanted_pairs(estate: Estate) -> list[tuple[str, str]]:
    """Sites and the policies that something in them needs; no policy where any will do."""
    of_items = [(target_of(key).fabric, item["policy"]) for key, item in estate.items.items()]
    return [*of_items, *estate.asked_pairs, *((fabric, "") for fabric in estate.paired)]


def _complete_plan(estate: Estate, target: Target, plan: Json, first_act: tuple[str, Any] | None) -> None:
    if not plan["site"]:
        fabric = next((key for key in estate.sites if key.startswith(target.vault + "/")), "")
        plan["site"] = estate.site(target_of(fabric or f"{target.vault}/replicationFabrics/practice-site"))["name"]
    if plan["groups"] is not None:
        _follow_plan(estate, target, plan)
        return
    fabric_target = target_of(f"{target.vault}/replicationFabrics/{plan['site']}")
    known = [item["name"] for key, item in estate.items.items() if key.startswith(fabric_target.fabric + "/")]
    if not known:
        item = estate.item(target_of(f"{fabric_target.path}/replicationProtectedItems/practice-machine"))
        item |= _state_before(first_act)
        known = [item["name"]]
    kinds = {"Shutdown": [], "Failover": [], "Boot": known}
    plan["groups"] = [{"type": kind, "items": names} for kind, names in kinds.items()]
    _follow_plan(estate, target, plan)


def _follow_plan(estate: Estate, target: Target, plan: Json) -> None:
    """What a plan allows tells where its machines are that were not read themselves."""
    fabric = f"{target.vault}/replicationfabrics/{plan['site']}/replicationprotecteditems/".lower()
    for name in (name for group in plan["groups"] for name in group.get("items", [])):
        item = estate.items.get(f"{fabric}{name}".lower())
        if item is None or item.get("is_read"):
            continue
        if "TestFailoverCleanup" in plan.get("allowed", []):
            item.setdefault("test_state", "WaitingForCompletion")
        elif "Commit" in plan.get("allowed", []):
            planned = plan.get("scenario") == "PlannedFailover"
            item.setdefault("state", "PlannedFailoverCommitRequired" if planned else _FAILED_OVER_NOW)


def _complete_item(estate: Estate, target: Target, item: Json, first_act: tuple[str, Any] | None) -> None:
    guid = item["machine"] or (item["name"] if _is_guid(item["name"]) else invented_guid(target.path))
    machine = estate.machine_called(target, guid)
    item["machine"] = machine["id"]
    if machine["name"].startswith("machine-") and not _is_guid(item["name"]):
        machine["name"] = item["name"]
    item["policy"] = item["policy"] or estate.any_policy(target)["name"]
    item.setdefault("replicating_since", estate.start - timedelta(hours=6))
    if not item.get("is_read"):
        _complete_unread_item(estate, target, item, machine)
        item |= {} if "state" in item else _state_before(first_act)


def _complete_unread_item(estate: Estate, target: Target, item: Json, machine: Json) -> None:
    """A machine that was never read is taken for a usual one: one disk with its system, one card, an account."""
    machine["nics"] = machine["nics"] or [{"switch": "practice-switch"}]
    asked = item.pop("asked", {})
    group = f"/subscriptions/{target.named('subscriptions')}/resourceGroups/{target.named('resourcegroups')}"
    account = asked.get("targetStorageAccountId") or _some(estate.accounts, group)
    account = account or f"{group}/providers/Microsoft.Storage/storageAccounts/practiceaccount"
    network = asked.get("targetAzureNetworkId")
    for arm_id in (account, network):
        if arm_id:
            estate.meet(target_of(arm_id))
    told = {"account": account, "network": network, "group": asked.get("targetAzureV2ResourceGroupId")}
    told |= {"vm_name": asked.get("targetAzureVmName"), "rdp": asked.get("enableRdpOnTargetOption")}
    item["target"] = {name: value for name, value in told.items() if value}


def _some(table: Table, group: str) -> str | None:
    """The id of the first thing of a kind in the group, if the session names one."""
    return next((key for key in table if key.startswith(group.lower() + "/")), None)


def _state_before(first_act: tuple[str, Any] | None) -> Json:
    act, body = first_act or ("", None)
    name = act.lower()
    if name == "testfailovercleanup":
        return {"test_state": "WaitingForCompletion"}
    if name == "plannedfailover" and "Failback" in str(dig_all(body)):
        return {"state": _FAILED_OVER}
    return {"state": _STATE_BEFORE[name]} if name in _STATE_BEFORE else {}


def dig_all(body: Any) -> list[str]:
    """Every text in a body."""
    return [text for _, text in strings_in(body)]


def _is_guid(text: str) -> bool:
    return len(text) == 36 and text.count("-") == 4
