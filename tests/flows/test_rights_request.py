"""What an owner is asked for, and the commands: names are quoted, groups come first, nothing is asked twice."""

from __future__ import annotations

import shlex

import pytest

from app.domain.arm_id import ArmId, resource_group_id, subscription_id, vault_id
from app.domain.rights import Caller, Finding, Gap, Instead, Need, Place, Purpose, PurposeKind, RightsSubject
from app.flows.rights_request import SOMEBODY, asks_for, rights_request
from app.flows.shell_words import bash_word, powershell_word
from app.rules import load_rules

ROLES = load_rules().rights.roles
S = "5a1b7c2e-0d34-4f6a-9b58-2c7e1f90d3a4"
GROUP = resource_group_id(S, "rg-dr")
VAULT = vault_id(S, "rg-dr", "asr")
SUBJECT = RightsSubject(frozenset(PurposeKind), {Place.VAULT: (VAULT,), Place.VAULT_GROUP: (GROUP,)})
ME = Caller("25355e6e-b8f4-42a5-a068-aab197ddf959", "me@contoso.com")
WRITE = "Microsoft.RecoveryServices/vaults/replicationPolicies/write"
MACHINES = "Microsoft.Compute/virtualMachines/write"


def finding(title: str, *gaps: Gap) -> Finding:
    purpose = Purpose(title.lower(), PurposeKind.STEP, title, (Need(Place.VAULT),))
    return Finding(purpose, tuple(gap.scope for gap in gaps), gaps)


def gap(scope: ArmId, *actions: str, at: ArmId | None = None, instead: Instead = Instead.NOTHING) -> Gap:
    return Gap(Place.VAULT, scope, at or scope, actions, instead=instead)


def test_nothing_missing_needs_no_request() -> None:
    stopped = Gap(Place.VAULT, VAULT, VAULT, unread="Could not read it.")
    assert rights_request((finding("Source", stopped),), ROLES, SUBJECT, ME) is None


def test_what_two_steps_lack_at_one_scope_is_one_role() -> None:
    key = "Microsoft.RecoveryServices/vaults/certificates/write"
    [ask] = asks_for((finding("Source", gap(VAULT, key)), finding("Settings", gap(VAULT, WRITE))), ROLES, SUBJECT)
    assert [role.name for role in ask.roles] == ["Site Recovery Contributor"]
    assert ask.purposes == ("Source", "Settings")


def test_a_role_on_the_group_is_not_asked_for_again_below_it() -> None:
    below = gap(VAULT, "Microsoft.RecoveryServices/vaults/read")
    asks = asks_for((finding("Look", below), finding("Enable", gap(GROUP, MACHINES))), ROLES, SUBJECT)
    assert [(ask.scope, [role.name for role in ask.roles]) for ask in asks] == [
        (GROUP, ["Virtual Machine Contributor"])
    ]


def test_a_role_on_what_is_not_there_yet_is_given_on_its_group() -> None:
    [ask] = asks_for((finding("Settings", gap(VAULT, WRITE, at=subscription_id(S))),), ROLES, SUBJECT)
    assert ask.scope == GROUP


def test_a_group_is_made_once_and_before_the_roles_on_it() -> None:
    subject = RightsSubject(
        SUBJECT.kinds,
        {**SUBJECT.scopes, Place.TARGET_GROUP: (GROUP,)},
        absent=frozenset({GROUP}),
        location="westeurope",
    )
    groups = "Microsoft.Resources/subscriptions/resourceGroups/write"
    subscription = subscription_id(S)
    found = (
        finding("Connect", gap(subscription, groups, instead=Instead.CREATE_VAULT_GROUP)),
        finding("Target", gap(subscription, groups, instead=Instead.CREATE_TARGET_GROUP)),
        finding("Enable", gap(GROUP, MACHINES, at=subscription)),
    )
    request = rights_request(found, ROLES, subject, ME)
    assert request is not None
    assert [ask.title for ask in request.asks] == [
        "Create the resource group rg-dr",
        "Virtual Machine Contributor on the resource group rg-dr",
    ]
    assert request.az.splitlines()[0] == f"az group create --name 'rg-dr' --location 'westeurope' --subscription '{S}'"
    assert request.powershell.splitlines()[:2] == [
        f"Set-AzContext -Subscription '{S}'",
        "New-AzResourceGroup -Name 'rg-dr' -Location 'westeurope'",
    ]


def test_provider_is_registered_by_an_owner_and_needs_no_role() -> None:
    action = "Microsoft.RecoveryServices/register/action"
    found = finding("Connect", gap(subscription_id(S), action, instead=Instead.REGISTER_PROVIDER))
    request = rights_request((found,), ROLES, SUBJECT, ME)
    assert request is not None
    assert request.az == f"az provider register --namespace Microsoft.RecoveryServices --subscription '{S}'"
    assert request.powershell.splitlines()[1] == (
        "Register-AzResourceProvider -ProviderNamespace Microsoft.RecoveryServices"
    )


def test_commands_take_names_literally() -> None:
    odd = vault_id(S, "rg-o'neill (dr) & $(rm)", "asr’s")
    request = rights_request((finding("Settings", gap(odd, WRITE)),), ROLES, SUBJECT, ME)
    assert request is not None
    words = shlex.split(request.az)
    assert words[words.index("--scope") + 1] == odd.text
    assert words[words.index("--role") + 1] == "Site Recovery Contributor"
    assert words[words.index("--assignee-object-id") + 1] == ME.object_id
    assert "rg-o''neill (dr) & $(rm)" in request.powershell
    assert "asr’’s'" in request.powershell


@pytest.mark.parametrize(
    ("caller", "az", "powershell"),
    [
        (Caller(), f"--assignee '{SOMEBODY}'", f"-SignInName '{SOMEBODY}'"),
        (
            Caller(name="o'neill@contoso.com"),
            "--assignee 'o'\\''neill@contoso.com'",
            "-SignInName 'o''neill@contoso.com'",
        ),
        (Caller("abc", "an app"), "--assignee 'an app'", "-ObjectId 'abc'"),
        (ME, f"--assignee-object-id '{ME.object_id}' --assignee-principal-type User", f"-ObjectId '{ME.object_id}'"),
    ],
)
def test_whom_it_is_for(caller: Caller, az: str, powershell: str) -> None:
    request = rights_request((finding("Settings", gap(VAULT, WRITE)),), ROLES, SUBJECT, caller)
    assert request is not None
    assert az in request.az
    assert powershell in request.powershell


def test_request_says_who_needs_what_where_and_why() -> None:
    request = rights_request((finding("Settings", gap(VAULT, WRITE)),), ROLES, SUBJECT, ME)
    assert request is not None
    for part in ("settings", ME.name, ME.object_id, "Site Recovery Contributor", VAULT.text, WRITE, request.az):
        assert part in request.text
    assert request.powershell in request.text


@pytest.mark.parametrize("word", ["plain", "with blank", "o'neill", "‘x’ ‚y‛", '$HOME `x` "y" \\', ""])
def test_words_are_taken_literally(word: str) -> None:
    assert shlex.split(bash_word(word)) == [word]
    quoted = powershell_word(word)
    assert quoted[0] == quoted[-1] == "'"
    inside = quoted[1:-1]
    for quote in "'‘’‚‛":
        inside = inside.replace(quote * 2, quote)
    assert inside == word
