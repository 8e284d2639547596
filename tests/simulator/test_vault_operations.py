"""What hangs on a vault: certificates, extended information, usages, settings, names."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509 import ExtendedKeyUsage
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.simulator.client import START, Client, Json, Reply

CERTIFICATE = "CN=CB_asr-contoso-weu-2-03-2026-vaultcredentials"


@pytest.fixture
def client() -> Client:
    return Client()


def put_certificate(client: Client, body: Json | None = None) -> Reply:
    return client.call("PUT", f"{client.vault}/certificates/{CERTIFICATE}", body)


def test_a_vault_makes_a_certificate_with_its_key(client: Client) -> None:
    reply = put_certificate(client, {"certificateCreateOptions": {"validityInHours": 120}})
    assert reply.status == 200
    properties = reply.json["properties"]
    key, certificate, _ = pkcs12.load_key_and_certificates(b64decode(properties["certificate"]), None)

    assert key is not None
    assert certificate is not None
    assert key.public_key() == certificate.public_key()
    assert list(certificate.extensions.get_extension_for_class(ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.CLIENT_AUTH
    ]
    assert certificate.not_valid_before_utc == START - timedelta(minutes=10)
    assert certificate.not_valid_after_utc == START + timedelta(hours=120)
    assert datetime.fromisoformat(properties["validTo"]) == certificate.not_valid_after_utc
    assert not properties["validTo"].endswith("Z")
    assert (reply.json["name"], properties["subject"]) == (CERTIFICATE, "CN=Windows Azure Tools")
    assert properties["authType"] == "AzureActiveDirectory"
    assert properties["resourceId"] > 2**53
    assert properties["aadAudience"].endswith(f"/westeurope/asr-contoso-weu/{properties['resourceId']}")


def test_each_certificate_is_a_new_one_of_the_same_vault(client: Client) -> None:
    first, second = (put_certificate(client).json["properties"] for _ in range(2))
    assert first["thumbprint"] != second["thumbprint"]
    assert first["resourceId"] == second["resourceId"]


def test_a_certificate_that_is_sent_is_taken_over(client: Client) -> None:
    made = put_certificate(client).json["properties"]
    _, certificate, _ = pkcs12.load_key_and_certificates(b64decode(made["certificate"]), None)
    assert certificate is not None
    sent = b64encode(certificate.public_bytes(Encoding.DER)).decode()
    taken = put_certificate(client, {"properties": {"authType": "AAD", "certificate": sent}}).json["properties"]
    assert taken["certificate"] == sent
    assert taken["thumbprint"] == made["thumbprint"]


@pytest.mark.parametrize(
    "body",
    [
        {"certificateCreateOptions": {"validityInHours": 0}},
        {"certificateCreateOptions": {"validityInHours": "five days"}},
        {"properties": {"certificate": "no certificate"}},
        {"properties": {"certificate": "bm8="}},
    ],
)
def test_a_certificate_that_cannot_be_is_refused(client: Client, body: Json) -> None:
    assert put_certificate(client, body).status == 400


def test_extended_information_is_kept_and_its_absence_has_an_old_shape(tmp_path: Path) -> None:
    client = Client(state_file=tmp_path / "state.db")
    path = f"{client.vault}/extendedInformation/vaultExtendedInfo"
    absent = client.call("GET", path)
    assert (absent.status, absent.json["ErrorCode"]) == (404, "ResourceExtendedInfoNotFound")
    assert client.call("PUT", path, {"properties": {"algorithm": "None"}}).status == 400

    kept = client.call("PUT", path, {"properties": {"integrityKey": "J99wzS27fmJ+Wjot7xO5wA=="}}).json
    assert kept["properties"] == {"integrityKey": "J99wzS27fmJ+Wjot7xO5wA==", "algorithm": "None"}
    assert Client(state_file=tmp_path / "state.db").get(path) == kept


def test_usages_count_servers_items_and_jobs(client: Client) -> None:
    assert {usage["currentValue"] for usage in client.values(f"{client.vault}/usages")} == {0}
    client.protect("DC01")
    usages = client.get(f"{client.vault}/replicationUsages")
    assert (usages["protectedItemCount"], usages["registeredServersCount"], usages["recoveryPlanCount"]) == (1, 2, 0)
    assert usages["jobsSummary"] == {"failedJobs": 0, "suspendedJobs": 0, "inProgressJobs": 0}
    assert usages["monitoringSummary"]["eventsCount"] == 4


@pytest.mark.parametrize(
    ("name", "reason"), [("asr-contoso-weu", "AlreadyExists"), ("1st", "Invalid"), ("asr-new", None)]
)
def test_a_vaults_name_is_checked_within_its_group(client: Client, name: str, reason: str | None) -> None:
    path = f"{client.group}/providers/Microsoft.RecoveryServices/locations/westeurope/checkNameAvailability"
    answer = client.call("POST", path, {"name": name, "type": "Microsoft.RecoveryServices/Vaults"}).json
    assert (answer["nameAvailable"], answer["reason"]) == (reason is None, reason)


def test_a_vault_is_changed_in_part(client: Client) -> None:
    before = client.get(client.vault)
    silent = {"azureMonitorAlertSettings": {"alertsForAllJobFailures": "Disabled"}}
    sent = {"tags": {"owner": "ops"}, "properties": {"monitoringSettings": silent, "provisioningState": "Gone"}}
    after = client.call("PATCH", client.vault, sent).json
    assert after["tags"] == {"owner": "ops"}
    assert after["properties"]["provisioningState"] == "Succeeded"
    assert after["properties"]["monitoringSettings"] == before["properties"]["monitoringSettings"] | silent


def test_the_redundancy_of_a_vault_is_kept_and_can_be_changed(client: Client) -> None:
    path = client.vault.rpartition("/")[0] + "/vault-of-its-own"
    given = {"standardTierStorageRedundancy": "LocallyRedundant", "crossRegionRestore": "Disabled"}
    body = {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {"redundancySettings": given}}
    assert client.call("PUT", path, body).json["properties"]["redundancySettings"] == given
    client.clock.advance(60)
    client.call("PATCH", path, {"properties": {"redundancySettings": {"crossRegionRestore": "Enabled"}}})
    assert client.properties(path)["redundancySettings"] == given | {"crossRegionRestore": "Enabled"}


def test_the_result_of_making_a_vault_is_the_vault(client: Client) -> None:
    path = client.vault.rpartition("/")[0] + "/vault-of-its-own"
    made = client.call("PUT", path, {"location": "westeurope", "sku": {"name": "Standard"}})
    result = client.send("GET", made.headers["Azure-AsyncOperation"]).headers["Location"]
    unfinished = client.send("GET", result)
    assert (unfinished.status, unfinished.body) == (202, b"")
    assert unfinished.headers["Location"] == result
    client.clock.advance(60)
    assert client.send("GET", result).json == client.get(path)
    assert client.send("GET", result.replace("operationResults/", "operationResults/x")).status == 404


def test_the_result_of_refreshing_the_health_is_the_health(client: Client) -> None:
    accepted = client.begin("POST", f"{client.vault}/replicationVaultHealth/default/refresh")
    client.finish(accepted)
    assert client.send("GET", accepted.headers["Location"]).json == client.get(f"{client.vault}/replicationVaultHealth")


def test_a_vault_of_no_known_sku_is_refused(client: Client) -> None:
    path = f"{client.group}/providers/Microsoft.RecoveryServices/vaults/asr-new"
    assert client.call("PUT", path, {"location": "westeurope", "sku": {"name": "Gold"}}).status == 400


def test_vault_settings_are_kept(client: Client) -> None:
    path = f"{client.vault}/replicationVaultSettings/default"
    assert client.properties(path) == {"migrationSolutionId": None, "vmwareToAzureProviderType": None}
    sent = {"migrationSolutionId": "/subscriptions/x", "vmwareToAzureProviderType": "Vmware"}
    assert client.call("PUT", path, {"properties": sent}).json["properties"] == sent
    assert client.values(f"{client.vault}/replicationVaultSettings")[0]["properties"] == sent
    assert client.call("PUT", path, {"properties": {"vmwareToAzureProviderType": "Carrier"}}).status == 400
    assert client.call("GET", f"{client.vault}/replicationVaultSettings/other").status == 404


def test_a_sites_certificates_are_renewed_one_after_the_other(client: Client) -> None:
    accepted = client.begin(
        "POST", f"{client.site}/renewCertificate", {"properties": {"renewCertificateType": "Cloud"}}
    )
    client.clock.advance(20)
    (group,) = client.job_of(accepted)["properties"]["tasks"]
    assert group["customDetails"] is None
    assert [task["state"] for task in group["groupTaskCustomDetails"]["childTasks"]] == ["InProgress", "NotStarted"]
    assert client.finish(accepted)["status"] == "Succeeded"
    (group,) = client.job_of(accepted)["properties"]["tasks"]
    first, second = group["groupTaskCustomDetails"]["childTasks"]
    assert (first["state"], second["state"]) == ("Succeeded", "Succeeded")
    assert first["endTime"] == second["startTime"]
    refused = client.call("POST", f"{client.site}/renewCertificate", {"properties": {"renewCertificateType": "x"}})
    assert refused.status == 400


def test_a_hyper_v_site_has_no_networks(client: Client) -> None:
    network = f"{client.site}/replicationNetworks/n"
    for path in (network, f"{network}/replicationNetworkMappings", f"{network}/replicationNetworkMappings/m"):
        assert client.call("GET", path).json["error"]["code"] == "NotFound"


def test_an_association_has_nothing_to_change(client: Client) -> None:
    client.associate_policy()
    path = f"{client.container}/replicationProtectionContainerMappings/standard"
    assert client.call("PATCH", path, {"properties": {}}).json["error"]["code"] == "BadRequest"
