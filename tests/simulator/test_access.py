"""Who may do what, at any scope; and which resource providers a subscription has."""

from __future__ import annotations

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

    at_vault = client.values(authorization(client.vault, "roleAssignments?$filter=atScope()"))
    assert [entry["properties"]["principalType"] for entry in at_vault] == ["User", "ServicePrincipal"]
    assert len(client.values(authorization(client.group, "roleAssignments?$filter=atScope()"))) == 1
    assert len(client.values(authorization(client.group, "roleAssignments"))) == 2
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
    assert client.call("GET", authorization(client.vault, "denyAssignments")).status == 501


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
