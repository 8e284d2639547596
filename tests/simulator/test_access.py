"""Who may do what, at any scope; and which resource providers a subscription has."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.simulator.client import Client, Json

ROLE = "b24988ac-6180-42a0-ab88-20f7382dd24c"
SOMEBODY = "28c68980-b35c-44b1-b007-47602eae336d"
NAME = "6433b3d2-36ef-42bd-a825-87910ccbab9c"


@pytest.fixture
def client() -> Client:
    return Client()


def authorization(scope: str, rest: str) -> str:
    return f"{scope}/providers/Microsoft.Authorization/{rest}"


def assignment(client: Client, role: str = ROLE, principal: str = SOMEBODY) -> Json:
    definition = authorization(client.subscription, f"roleDefinitions/{role}")
    properties = {"roleDefinitionId": definition, "principalId": principal, "principalType": "ServicePrincipal"}
    return {"properties": properties}


def test_the_caller_owns_the_subscription_and_all_in_it(client: Client) -> None:
    account = f"{client.group}/providers/Microsoft.Storage/storageAccounts/stcontosoasrweu"
    for scope in (client.subscription, client.group, client.vault, account):
        (permission,) = client.values(authorization(scope, "permissions"))
        assert (permission["actions"], permission["notActions"]) == (["*"], [])


def test_a_scope_must_exist(client: Client) -> None:
    codes = {
        f"{client.subscription}/resourceGroups/none": "ResourceGroupNotFound",
        f"{client.group}/providers/Microsoft.Storage/storageAccounts/none": "ResourceNotFound",
        "/subscriptions/none": "SubscriptionNotFound",
    }
    for scope, code in codes.items():
        assert client.call("GET", authorization(scope, "permissions")).json["error"]["code"] == code


def test_roles_are_found_by_name_and_id(client: Client) -> None:
    path = authorization(client.group, "roleDefinitions")
    (role,) = client.values(f"{path}?$filter=roleName eq 'Site Recovery Contributor'")
    assert client.get(role["id"]) == role
    assert len(client.values(path)) > 5
    assert client.call("GET", f"{path}/{NAME}").status == 404
    assert client.call("GET", f"{path}?$filter=size eq 3").status == 400


def test_a_role_is_assigned_once_and_taken_away(tmp_path: Path) -> None:
    client = Client(state_file=tmp_path / "state.db")
    path = authorization(client.vault, f"roleAssignments/{NAME}")
    made = client.call("PUT", path, assignment(client))
    assert made.status == 201
    again = client.call("PUT", path, assignment(client))
    assert (again.status, again.json["error"]["code"]) == (409, "RoleAssignmentExists")
    assert Client(state_file=tmp_path / "state.db").get(path) == made.json

    def shown(query: str, scope: str) -> list[str]:
        return [entry["name"] for entry in client.values(authorization(scope, f"roleAssignments{query}"))]

    above = shown("?$filter=atScope()", client.group)
    assert NAME not in above
    assert shown("?$filter=atScope()", client.vault) == [*above, NAME]
    assert shown("", client.group) == [*above, NAME]
    mine = client.values(authorization(client.group, f"roleAssignments?$filter=principalId eq '{SOMEBODY}'"))
    assert [entry["name"] for entry in mine] == [NAME]

    assert client.call("DELETE", path).status == 200
    assert client.call("DELETE", path).status == 204
    assert client.call("GET", path).json["error"]["code"] == "RoleAssignmentNotFound"


@pytest.mark.parametrize(
    ("name", "role", "principal"), [("mine", ROLE, SOMEBODY), (NAME, NAME, SOMEBODY), (NAME, ROLE, "me")]
)
def test_an_assignment_that_cannot_be_is_refused(client: Client, name: str, role: str, principal: str) -> None:
    path = authorization(client.vault, f"roleAssignments/{name}")
    assert client.call("PUT", path, assignment(client, role, principal)).status == 400


def test_what_is_not_simulated_of_it_is_a_loud_501(client: Client) -> None:
    assert client.call("GET", authorization(client.vault, "roleEligibilitySchedules")).status == 501


def test_a_provider_is_registered_before_anything_is_made_of_it() -> None:
    client = Client("empty")
    client.call("PUT", client.group, {"location": "westeurope"})
    path = f"{client.subscription}/providers/Microsoft.RecoveryServices"
    vault = f"{client.group}/providers/Microsoft.RecoveryServices/vaults/asr-new"
    sent = {"location": "westeurope", "sku": {"name": "Standard"}}
    assert client.call("POST", f"{path}/unregister").json["registrationState"] == "NotRegistered"
    refused = client.call("PUT", vault, sent)
    assert (refused.status, refused.json["error"]["code"]) == (409, "MissingSubscriptionRegistration")

    assert client.call("POST", f"{path}/register").json["registrationState"] == "Registering"
    client.clock.advance(120)
    provider = client.get(path)
    assert provider["registrationState"] == "Registered"
    vaults = next(kind for kind in provider["resourceTypes"] if kind["resourceType"] == "vaults")
    assert "West Europe" in vaults["locations"]
    assert client.call("PUT", vault, sent).status == 201
    assert client.call("POST", f"{path}/unregister").status == 409
    assert client.call("GET", f"{client.subscription}/providers/Contoso.None").status == 404


# Held to it

OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
OPERATOR = "494ae006-db33-4328-bf46-533a6560a3ca"
RECOVERY_READER = "dbaa88c4-0c30-4179-9fb3-46319faa6149"
CONTRIBUTOR = "6670b86e-a3f7-4917-ac9b-5d6ab1be4567"
REQUESTS = (
    ("GET", "{vault}/replicationJobs", "Microsoft.RecoveryServices/vaults/replicationJobs/read"),
    ("GET", "{vault}/replicationPolicies", "Microsoft.RecoveryServices/vaults/replicationPolicies/read"),
    ("PUT", "{vault}/replicationPolicies/p", "Microsoft.RecoveryServices/vaults/replicationPolicies/write"),
    ("DELETE", "{vault}/replicationPolicies/p", "Microsoft.RecoveryServices/vaults/replicationPolicies/delete"),
    ("POST", "{vault}/replicationJobs/j/cancel", "Microsoft.RecoveryServices/vaults/replicationJobs/cancel/action"),
    (
        "POST",
        "{item}/testFailover",
        "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers"
        "/replicationProtectedItems/testFailover/action",
    ),
    (
        "PATCH",
        "{item}",
        "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers"
        "/replicationProtectedItems/write",
    ),
    ("DELETE", "{group}", "Microsoft.Resources/subscriptions/resourceGroups/delete"),
)


def become(client: Client, role: str) -> None:
    """Have this role on the vault, and none besides."""
    mine = client.values(authorization(client.subscription, "roleAssignments"))[0]
    me = mine["properties"]["principalId"]
    path = authorization(client.vault, f"roleAssignments/{NAME}")
    assert client.call("PUT", path, assignment(client, role, me)).status == 201
    assert client.call("DELETE", mine["id"]).status == 200


def path_of(client: Client, template: str) -> str:
    item = f"{client.container}/replicationProtectedItems/none"
    return template.format(vault=client.vault, group=f"{client.subscription}/resourceGroups/none", item=item)


def is_refused(client: Client, method: str, path: str) -> bool:
    reply = client.call(method, path, {"properties": {}})
    if reply.status != 403:
        return False
    assert reply.json["error"]["code"] == "AuthorizationFailed"
    return True


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        (OWNER, set()),
        (READER, {"write", "delete", "action"}),
        (OPERATOR, {"write", "delete"}),
        (CONTRIBUTOR, set()),
    ],
)
def test_a_role_lets_through_what_it_names_and_refuses_the_rest(client: Client, role: str, refused: set[str]) -> None:
    paths = [(method, path_of(client, template), action) for method, template, action in REQUESTS[:-1]]
    become(client, role)
    for method, path, action in paths:
        assert is_refused(client, method, path) == (action.rsplit("/", 1)[1] in refused), action


HOSTS = {
    "key": ("PUT", "{vault}/certificates/CN=asr"),
    "site": ("PUT", "{vault}/replicationFabrics/another"),
    "refresh": ("POST", "{provider}/refreshProvider"),
    "remove": ("POST", "{provider}/remove"),
    "forget": ("DELETE", "{provider}"),
    "dissociate": ("POST", "{mapping}/remove"),
    "remove site": ("POST", "{fabric}/remove"),
}
"""What is done with hosts and their site, as the program sends it."""


def host_paths(client: Client) -> dict[str, tuple[str, str]]:
    provider = client.values(f"{client.vault}/replicationRecoveryServicesProviders")[0]["id"]
    mapping = f"{client.container}/replicationProtectionContainerMappings/none"
    fabric = provider.rpartition("/replicationRecoveryServicesProviders/")[0]
    places = {"vault": client.vault, "provider": provider, "mapping": mapping, "fabric": fabric}
    return {name: (method, path.format(**places)) for name, (method, path) in HOSTS.items()}


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        (READER, set(HOSTS)),
        (RECOVERY_READER, set(HOSTS)),
        (OPERATOR, set(HOSTS) - {"refresh"}),
        (CONTRIBUTOR, set()),
        (ROLE, set()),
        (OWNER, set()),
    ],
)
def test_what_is_done_with_hosts_is_held_to_the_caller_s_role(client: Client, role: str, refused: set[str]) -> None:
    paths = host_paths(client)
    become(client, role)
    assert not is_refused(client, "GET", f"{client.vault}/extendedInformation/vaultExtendedInfo")
    assert {name for name, (method, path) in paths.items() if is_refused(client, method, path)} == refused


def test_a_deny_assignment_keeps_an_owner_from_hosts(client: Client) -> None:
    paths = host_paths(client)
    withheld = {"scope": client.vault, "actions": ["*/replicationRecoveryServicesProviders/*", "*/certificates/write"],
                "notActions": ["*/read"]}  # fmt: skip
    assert client.call("PUT", "/simulator/denials/managed", withheld).status == 200
    codes = {
        name: reply.json["error"]["code"]
        for name, (method, path) in paths.items()
        if (reply := client.call(method, path, {"properties": {}})).status == 403
    }
    assert codes == dict.fromkeys(("key", "refresh", "remove", "forget"), "DenyAssignmentAuthorizationFailed")


@pytest.mark.parametrize(("level", "stopped"), [("CanNotDelete", {"forget"}), ("ReadOnly", set(HOSTS))])
def test_a_lock_on_the_vault_stops_what_it_stops_with_hosts(client: Client, level: str, stopped: set[str]) -> None:
    paths = host_paths(client)
    client.call("PUT", authorization(client.vault, "locks/keep"), {"properties": {"level": level}})
    locked = {
        name
        for name, (method, path) in paths.items()
        if (reply := client.call(method, path, {"properties": {}})).status == 409
        and reply.json["error"]["code"] == "ScopeLocked"
    }
    assert locked == stopped


def test_a_role_on_the_vault_holds_for_the_vault_alone(client: Client) -> None:
    become(client, OWNER)
    assert client.values(authorization(client.group, "permissions")) == []
    assert is_refused(client, "DELETE", client.group)
    assert is_refused(client, "PUT", authorization(client.group, f"roleAssignments/{NAME}"))
    assert len(client.values(authorization(client.vault, "permissions"))) == 1
    assert client.call("GET", "/subscriptions").status == 200


@pytest.mark.parametrize(
    "operation",
    ["changes", "reads", "", "replicationJobs", "changes replicationProtectedItems", "PUT replicationPolicies"],
)
def test_what_a_fault_withholds_is_missing_from_the_permissions(client: Client, operation: str) -> None:
    paths = [(method, path_of(client, template), action) for method, template, action in REQUESTS]
    client.simulator.faults.switch_on("missing-permission", operation=operation)
    for method, path, action in paths:
        scope = client.vault if client.vault in path else client.subscription
        shown = client.values(authorization(scope, "permissions"))
        allowed = any(fits(entry["actions"], action) and not fits(entry["notActions"], action) for entry in shown)
        assert is_refused(client, method, path) == (not allowed), action

    client.simulator.faults.end_all()
    (permission,) = client.values(authorization(client.vault, "permissions"))
    assert (permission["actions"], permission["notActions"]) == (["*"], [])


def fits(patterns: list[str], action: str) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)
