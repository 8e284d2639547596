"""Practice hosts that run the script with a key: what a Provider takes, what a host's checks say, who registers."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from hypothesis import given, settings
from hypothesis import strategies as st

from app.simulator import certificates
from app.simulator.host_checks import ADDRESSES, CHECKS, TITLES
from app.simulator.key_file import NAMESPACE, read, read_ahead
from tests.simulator.client import Client, Json

pytestmark = pytest.mark.slow  # draws and opens keys

HOST = "HV-HQ-01.contoso.local"
OTHER = "HV-HQ-02.contoso.local"
FORM = """<?xml version="1.0" encoding="utf-8"?>
<RSVaultAsrCreds xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="{namespace}">
  <VaultDetails>
    <SubscriptionId>{subscription}</SubscriptionId>
    <ResourceGroup>{group}</ResourceGroup>
    <ResourceName>{vault}</ResourceName>
    <ResourceId>{number}</ResourceId>
    <Location>westeurope</Location>
    <ResourceType>Vaults</ResourceType>
    <ProviderNamespace>Microsoft.RecoveryServices</ProviderNamespace>
  </VaultDetails>
  <ManagementCert>{certificate}</ManagementCert>
  <Version>2.0</Version>
  <AadDetails>
    <AadAuthority>https://login.windows.net</AadAuthority>
    <AadTenantId>c0de7a11-3b5d-4e2f-8a61-7d9405b2c6e8</AadTenantId>
    <ServicePrincipalClientId>d35024a2-6666-4951-8305-47cec3c6ecb2</ServicePrincipalClientId>
    <AadVaultAudience>https://RecoveryServiceVault/westeurope/{vault}/{number}</AadVaultAudience>
    <ArmManagementEndpoint>https://pod01-id1.westeurope.backup.windowsazure.com/restapi/</ArmManagementEndpoint>
  </AadDetails>
  <ChannelIntegrityKey></ChannelIntegrityKey>
  <SiteId>{site_id}</SiteId>
  <SiteName>HQ</SiteName>
  <PrivateEndpointStateForSiteRecovery>None</PrivateEndpointStateForSiteRecovery>
</RSVaultAsrCreds>
"""


class Yard:
    """A vault with a site that no host is in yet."""

    def __init__(self, **options: Any) -> None:
        self.client = client = Client("empty", **options)
        self.vault = f"{client.subscription}/resourceGroups/rg-new/providers/Microsoft.RecoveryServices/vaults/asr-new"
        self.site = f"{self.vault}/replicationFabrics/HQ"

    def build(self) -> Yard:
        client = self.client
        client.call("PUT", f"{client.subscription}/resourceGroups/rg-new", {"location": "westeurope"})
        client.call("PUT", self.vault, {"location": "westeurope", "sku": {"name": "Standard"}})
        client.clock.advance(60)
        client.carry_out("PUT", self.site, {"properties": {}})
        return self

    def certificate(self, body: Json | None = None, vault: str = "") -> Json:
        reply = self.client.call("PUT", f"{vault or self.vault}/certificates/mine", body or {})
        assert reply.status == 200, reply.body
        properties: Json = reply.json["properties"]
        return properties

    def key(self, known: Json | None = None, **other: str) -> str:
        made = known or self.certificate()
        given = {
            "namespace": NAMESPACE,
            "subscription": self.client.simulator.subscription_id,
            "group": "rg-new",
            "vault": "asr-new",
            "number": str(made["resourceId"]),
            "certificate": made["certificate"],
            "site_id": self.client.get(self.site)["properties"]["internalIdentifier"],
        }
        return FORM.format(**(given | other))

    def run(self, key: str, host: str = HOST, proxy: str = "", site: str = "") -> Json:
        body = {"fabricId": site or self.site, "name": host, "credentials": key, "proxy": proxy}
        reply = self.client.send("POST", "/simulator/hosts", body)
        assert reply.status in (200, 202), reply.body
        assert (reply.status == 202) == reply.json["registered"]
        found: Json = reply.json
        return found

    def key_check(self, key: str) -> str:
        """What the script says of a key that must not be taken."""
        found = self.run(key)
        assert not found["registered"]
        assert found["checks"][0]["result"] == "failed"
        words: str = found["checks"][0]["words"]
        return words

    @property
    def registered(self) -> list[str]:
        found = self.client.values(f"{self.site}/replicationRecoveryServicesProviders")
        return [provider["properties"]["friendlyName"] for provider in found]


@pytest.fixture
def yard() -> Yard:
    return Yard().build()


@pytest.fixture(scope="module")
def read_only() -> tuple[Yard, str]:
    """For tests that register nobody."""
    yard = Yard().build()
    return yard, yard.key()


def bad(run: Json) -> list[str]:
    return [line["id"] for line in run["checks"] if line["result"] != "ok"]


# --- who registers -----------------------------------------------------------------------------------------------


def test_with_a_key_a_host_checks_itself_and_registers(yard: Yard) -> None:
    run = yard.run(yard.key())
    assert run["registered"]
    assert bad(run) == []
    assert [line["id"] for line in run["checks"]] == ["key", *TITLES]
    assert all(line["title"] and line["words"] for line in run["checks"])
    yard.client.clock.advance(600)
    assert yard.registered == [HOST]


def test_one_key_registers_every_node(yard: Yard) -> None:
    key = yard.key()
    assert yard.run(key)["registered"]
    assert yard.run(key, OTHER)["registered"]
    again = yard.client.send("POST", "/simulator/hosts", {"fabricId": yard.site, "name": HOST, "credentials": key})
    assert (again.status, again.json["error"]["code"]) == (409, "NoHostWaits")


def test_a_certificate_that_was_sent_is_known_as_well(yard: Yard) -> None:
    made = certificates.make(120, yard.client.simulator.clock.seconds())
    _, certificate, _ = pkcs12.load_key_and_certificates(b64decode(made["certificate"]), None)
    assert certificate is not None
    der = b64encode(certificate.public_bytes(Encoding.DER)).decode()
    answer = yard.certificate({"properties": {"authType": "AAD", "certificate": der}})
    assert yard.run(yard.key(answer, certificate=made["certificate"]))["registered"]


def test_the_vault_knows_its_certificates_after_it_was_closed(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    first = Yard(state_file=state).build()
    key = first.key()
    first.client.simulator.close()
    again = Yard(state_file=state)
    assert again.run(key)["registered"]


def test_waiting_hosts_are_nodes_of_one_cluster(yard: Yard) -> None:
    waiting = yard.client.get("/simulator")["waitingHosts"]
    assert [(host["name"], host["cluster"]) for host in waiting] == [(HOST, "HQ-CLUSTER"), (OTHER, "HQ-CLUSTER")]


# --- keys that are not taken -------------------------------------------------------------------------------------


def test_a_key_of_a_stranger_is_not_known(yard: Yard) -> None:
    made = certificates.make(120, yard.client.simulator.clock.seconds())
    assert "does not know" in yard.key_check(yard.key(yard.certificate(), certificate=made["certificate"]))


def test_a_key_of_another_vault_or_site_is_refused(yard: Yard) -> None:
    made = yard.certificate()
    assert "another site" in yard.key_check(yard.key(made, site_id="11111111-1111-5111-8111-111111111111"))
    assert "another site" in yard.key_check(yard.key(made, vault="asr-other"))
    assert "another site" in yard.key_check(yard.key(made, group="rg-other"))


def test_a_key_expires_after_five_days(yard: Yard) -> None:
    key = yard.key(yard.certificate({"certificateCreateOptions": {"validityInHours": 120}}))
    long_lived = yard.key(yard.certificate({"certificateCreateOptions": {"validityInHours": 2000}}))
    yard.client.clock.advance(120 * 3600 + 5)
    assert "expired" in yard.key_check(key)
    assert "expired" in yard.key_check(long_lived)
    assert yard.run(yard.key())["registered"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda key: "", "does not begin as XML"),
        (lambda key: key[:900], "is no XML"),
        (lambda key: key.replace("RSVaultAsrCreds", "ASRVaultCreds"), "is no RSVaultAsrCreds"),
        (lambda key: key.replace(NAMESPACE, "urn:other"), "another namespace"),
        (lambda key: key.replace("?>\n", "?>\n<!DOCTYPE a>\n", 1), "document type"),
        (lambda key: key.replace("<Version>2.0</Version>", ""), "at AadDetails"),
        (lambda key: key.replace("<Version>2.0</Version>", "<Version>1.0</Version>"), "Version is not"),
        (lambda key: key.replace("<SiteName>HQ</SiteName>", ""), "at PrivateEndpointState"),
        (lambda key: key.replace("westeurope</Location>", "</Location>"), "Location is not"),
        (lambda key: key.replace("  <ChannelIntegrityKey></ChannelIntegrityKey>\n", ""), "at SiteId"),
        (lambda key: key.replace("<Version>", '<Version a="b">'), "attributes"),
        (lambda key: key + " " * 200_000, "too large"),
        (lambda key: key.replace("<ManagementCert>", "<ManagementCert>AAAA"), "cannot be opened"),
    ],
)
def test_a_provider_reads_strictly(read_only: tuple[Yard, str], change: Any, says: str) -> None:
    yard, key = read_only
    assert says in yard.key_check(change(key))


def test_the_vaults_number_must_be_one(read_only: tuple[Yard, str]) -> None:
    yard, key = read_only
    for number in ("4.59e18", "-1", "x", str(2**64)):
        changed = key.replace(key.split("<ResourceId>")[1].split("<")[0], number)
        assert "ResourceId" in yard.key_check(changed)


def test_a_certificate_without_its_key_is_refused(read_only: tuple[Yard, str]) -> None:
    yard, key = read_only
    text = key.split("<ManagementCert>")[1].split("<")[0]
    _, certificate, _ = pkcs12.load_key_and_certificates(b64decode(text), None)
    assert isinstance(certificate, x509.Certificate)
    bare = pkcs12.serialize_key_and_certificates(None, None, certificate, None, NoEncryption())
    assert "no private key" in yard.key_check(key.replace(text, b64encode(bare).decode()))


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for given_text in (text, f'<?xml version="1.0"?>{text}'):
        with pytest.raises(ValueError, match=r"\.$"):
            read(given_text)


def test_what_was_read_ahead_holds_no_private_key(read_only: tuple[Yard, str]) -> None:
    _, key = read_only
    read_ahead(key)
    known = read(key)
    assert known.site == "HQ"
    assert key.split("<ManagementCert>")[1][:60] not in repr(known)


@pytest.mark.parametrize("body", [{"credentials": 7}, {"credentials": None}, {"credentials": "x", "proxy": 8080}])
def test_a_request_that_makes_no_sense_is_refused(read_only: tuple[Yard, str], body: Json) -> None:
    yard, _ = read_only
    reply = yard.client.send("POST", "/simulator/hosts", {"fabricId": yard.site} | body)
    assert (reply.status, reply.json["error"]["code"]) == (400, "InvalidRequestContent")


# --- checks that fail --------------------------------------------------------------------------------------------


def test_every_check_can_be_made_to_fail(yard: Yard) -> None:
    faults, key = yard.client.simulator.faults, yard.key()
    results = {each.id: each.result for each in CHECKS} | {each.id: each.result for each in ADDRESSES}
    for check in (check for check, result in results.items() if result == "failed"):
        faults.switch_on("host-check-fails", host=HOST, check=check)
        run = yard.run(key)
        assert bad(run) == [check]
        assert not run["registered"]
        faults.switch_off("host-check-fails")
    warnings = [check for check, result in results.items() if result == "warning"]
    for check in warnings:
        faults.switch_on("host-check-fails", host=HOST, check=check)
    run = yard.run(key)
    assert bad(run) == warnings
    assert run["registered"]


def test_several_checks_of_a_host_can_fail_and_others_are_well(yard: Yard) -> None:
    faults = yard.client.simulator.faults
    for check in ("clock", "tls"):
        faults.switch_on("host-check-fails", host=HOST, check=check)
    assert [fault.about for fault in faults.running] == [f"{HOST}: Clock", f"{HOST}: TLS 1.2"]
    assert bad(yard.run(yard.key())) == ["tls", "clock"]
    assert yard.run(yard.key(), OTHER)["registered"]


def test_a_check_that_nobody_knows_is_refused(yard: Yard) -> None:
    with pytest.raises(ValueError, match="No check of a host is named 'colour'"):
        yard.client.simulator.faults.switch_on("host-check-fails", host=HOST, check="colour")


def test_the_controls_offer_waiting_hosts_and_checks(yard: Yard) -> None:
    def choices(name: str) -> list[str]:
        kinds = yard.client.get("/simulator/faults")["kinds"]
        kind = next(kind for kind in kinds if kind["key"] == "host-check-fails")
        parameter = next(parameter for parameter in kind["parameters"] if parameter["name"] == name)
        return [choice["key"] for choice in parameter["choices"]]

    assert choices("host") == [HOST, OTHER]
    assert choices("check") == list(TITLES)
    yard.run(yard.key())
    assert choices("host") == [OTHER]


def test_a_proxy_by_https_cannot_be_used(yard: Yard) -> None:
    run = yard.run(yard.key(), proxy="https://proxy.contoso.com:8080")
    assert bad(run) == [address.id for address in ADDRESSES if address.id != "address_time"]
    assert not run["registered"]
    assert yard.run(yard.key(), proxy="http://proxy.contoso.com:8080")["registered"]


def test_a_host_behind_a_proxy_goes_by_it_alone(yard: Yard) -> None:
    hosts = yard.client.simulator.faults.world.hosts
    host = hosts[HOST.lower()]
    host.proxy = "http://proxy.contoso.com:8080"
    hosts.put(HOST.lower(), host)
    direct = yard.run(yard.key())
    assert not direct["registered"]
    assert "The firewall lets out what comes by http://proxy.contoso.com:8080." in direct["checks"][-2]["words"]
    assert yard.run(yard.key(), proxy="http://proxy.contoso.com:8080/")["registered"]


def test_one_host_gets_an_older_provider_and_is_updated(yard: Yard) -> None:
    client, faults = yard.client, yard.client.simulator.faults

    def versions() -> set[str]:
        found = client.values(f"{yard.site}/replicationRecoveryServicesProviders")
        return {provider["properties"]["providerVersion"] for provider in found}

    with pytest.raises(ValueError, match="has not registered yet"):
        faults.switch_on("provider-old", host=HOST)
    key = yard.key()
    for host in (HOST, OTHER):
        yard.run(key, host)
    client.clock.advance(600)
    assert len(versions()) == 1
    faults.switch_on("provider-old", host=OTHER, lasts="PT10M")
    assert len(versions()) == 2
    client.clock.advance(601)
    assert len(versions()) == 1
