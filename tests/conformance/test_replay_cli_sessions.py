"""Two recorded sessions of the Azure CLI (2023), replayed against the practice vault request by request.

`B2A` works with a Hyper-V site: policy, association, protection, failover, commit, failback, removal. What it found in
place, it had made in an earlier run under the same names: the vault, the site with its host, and a machine that was
protected an hour before. That state is made here by requests alone. `VAULT` begins with nothing but a resource group.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conformance.conversation import Conversation
from tests.conformance.practice_site import by_ease, register_host
from tests.conformance.replay import Adjustment, Allowance, NotApplicable, Replay
from tests.support.recordings import Exchange, needs_recordings, read_session
from tests.support.tables import Tell

pytestmark = [needs_recordings, pytest.mark.slow]

Names = dict[str, str]
"""Recorded names with ours."""


@dataclass(frozen=True, slots=True)
class Session:
    """A recorded session with what has to be known to replay it."""

    file: str
    make_what_it_found: Callable[[Conversation, tuple[Exchange, ...]], Names]
    not_applicable: tuple[NotApplicable, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()

    def __str__(self) -> str:
        return self.file.removeprefix("cli-2023/test_siterecovery_").removesuffix("_scenarios.yaml")


# --- the session with a Hyper-V site ---------------------------------------------------------------------------------


def make_an_earlier_run(conversation: Conversation, session: tuple[Exchange, ...]) -> Names:
    """Send the session's own writes once, and register the host that its site had."""
    writes = {_last_type(exchange): exchange for exchange in session if exchange.method == "PUT"}
    names = {session[0].path.split("/")[2]: conversation.simulator.subscription_id}

    def put(kind: str) -> None:
        exchange = writes[kind]
        address = f"{exchange.path}?api-version={exchange.query['api-version']}"
        conversation.do("PUT", _in_our_names(address, names), _in_our_names(exchange.request_body, names))

    for kind in ("resourcegroups", "vaults", "virtualNetworks", "storageAccounts"):
        put(kind)
    fabric = _in_our_names(next(e.path for e in session if _last_type(e) == "replicationFabrics"), names)
    conversation.do("PUT", fabric, {"properties": {}})
    register_host(conversation, fabric)

    container = conversation.get(f"{fabric}/replicationProtectionContainers")["value"][0]
    asked_for = writes["replicationProtectedItems"]
    names[asked_for.path.split("/")[-3]] = container["name"]
    machine = by_ease(conversation.get(f"{container['id']}/replicationProtectableItems")["value"])[0]
    (disk,) = machine["properties"]["customDetails"]["diskDetails"]
    wanted = asked_for.request_body["properties"]
    names[wanted["protectableItemId"].rsplit("/", 1)[-1]] = machine["name"]
    names[wanted["providerSpecificDetails"]["vhdId"]] = disk["vhdId"]
    for kind in ("replicationPolicies", "replicationProtectionContainerMappings", "replicationProtectedItems"):
        put(kind)
    conversation.clock.advance(48 * 3600)
    return names


def only_the_protected(body: Any) -> Any:
    return body | {"value": [item for item in body["value"] if item["properties"]["protectionStatus"] == "Protected"]}


B2A = Session(
    "cli-2023/test_siterecovery_H2A_B2A_selfcreated_scenarios.yaml",
    make_an_earlier_run,
    not_applicable=(
        NotApplicable(
            "directory", "the directory of users and applications is another service, not ARM", pattern=r" graph\."
        ),
    ),
    allowances=(
        Allowance(
            "system known",
            "the recorded machine's integration services told nothing of its system; the practice machines' do",
            pattern=r"^GET .*/replicationProtectableItems$",
            place="$.value[].properties.customDetails.osDetails",
        ),
        Allowance(
            "source address known",
            "the recorded machine's card had no address that Hyper-V knew; the practice machines' have",
            pattern=r"^GET .*/replicationProtectedItems/[^/]+$",
            place="$.properties.providerSpecificDetails.vmNics[].ipConfigs[].staticIPAddress",
        ),
    ),
    adjustments=(
        Adjustment(
            "one machine",
            "the recorded host has one machine, which is protected; the practice host has more, which are not",
            pattern=r"^GET .*/replicationProtectableItems$",
            adjust=only_the_protected,
        ),
    ),
)


# --- the session with an empty vault ---------------------------------------------------------------------------------


def make_a_group(conversation: Conversation, session: tuple[Exchange, ...]) -> Names:
    _, _, subscription, _, group, *_ = session[0].path.split("/")
    ours = conversation.simulator.subscription_id
    conversation.do("PUT", f"/subscriptions/{ours}/resourceGroups/{group}", {"location": "westeurope"})
    # The recorded region is one that only Microsoft can use.
    return {subscription: ours, "eastus2euap": "westeurope"}


VAULT = Session(
    "cli-2023/test_siterecovery_vault_scenarios.yaml",
    make_a_group,
    not_applicable=(
        NotApplicable(
            "policies of VMware",
            "the practice vault replicates Hyper-V sites; these policies are of another product",
            indexes=range(32, 60),
        ),
        NotApplicable(
            "other products",
            "appliances' migrations and the systems of physical servers are not of a Hyper-V site",
            pattern=r"/(replicationMigrationItems|replicationSupportedOperatingSystems)$",
            is_refused=True,
        ),
    ),
)


# --- replaying -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[B2A, VAULT], ids=str)
def replay(request: pytest.FixtureRequest) -> Replay:
    session: Session = request.param
    exchanges = read_session(session.file)
    conversation = Conversation()
    replay = Replay(
        conversation,
        session.make_what_it_found(conversation, exchanges),
        not_applicable=session.not_applicable,
        allowances=session.allowances,
        adjustments=session.adjustments,
    )
    replay.run(exchanges)
    return replay


def test_answers_have_the_recorded_shape(replay: Replay, tell: Tell, request: pytest.FixtureRequest) -> None:
    outcome = replay.outcome
    rows = [[what, "compared", count] for what, count in sorted(outcome.compared.items())]
    rows += [[name, "not applicable", count] for name, count in sorted(outcome.left_out.items())]
    rows += [["all", "compared", outcome.compared.total()], ["all", "not applicable", outcome.left_out.total()]]
    tell(f"exchanges of {request.node.callspec.id}", ["what", "how", "count"], rows)

    assert outcome.complaints == []


def test_every_stated_exception_is_needed(replay: Replay) -> None:
    assert replay.unused() == []


def _last_type(exchange: Exchange) -> str:
    return exchange.path.rstrip("/").split("/")[-2]


def _in_our_names(value: Any, names: Names) -> Any:
    if isinstance(value, str):
        for recorded, ours in names.items():
            value = value.replace(recorded, ours)
    elif isinstance(value, list):
        value = [_in_our_names(entry, names) for entry in value]
    elif isinstance(value, dict):
        value = {key: _in_our_names(entry, names) for key, entry in value.items()}
    return value
