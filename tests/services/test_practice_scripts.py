"""A practice host runs the script with a key of ours, through both doors: what it tells, and when it registers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.adapters.file_rights import PosixFileRights
from app.bootstrap import open_connection
from app.connection import PracticeSpec
from app.domain.arm_id import fabric_id, resource_group_id, vault_id
from app.domain.fabric import Fabric
from app.domain.host_set_up import HostProxy, ProxyKind
from app.domain.practice import HostCheckResult
from app.domain.registration_key import KeyWay
from app.errors import Conflict, InvalidInput
from app.ports.secrets import Secret
from app.services.limits import Limits
from app.services.practice_control import PracticeControl
from app.services.registration_keys import RegistrationKeys
from app.services.use_cases import open_use_cases
from tests.support.doors import DOORS, Door, open_door

pytestmark = pytest.mark.slow  # draws and opens keys

REQUEST_ID = "11111111-2222-3333-4444-555555555555"
HOST = "HV-HQ-01.contoso.local"
OTHER = "HV-HQ-02.contoso.local"


@dataclass
class Yard:
    """A site that no host is in yet, and what a set-up does with it."""

    door: Door
    keys: RegistrationKeys
    practice: PracticeControl
    site: Fabric
    path: Path

    async def registered(self) -> list[str]:
        self.door.simulator.clock.advance(600)
        providers = await self.door.gateways.site_recovery.list_providers(self.site.id.up_to("vaults"))
        return sorted(provider.friendly_name for provider in providers)


@pytest.fixture(params=DOORS)
async def yard(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Yard]:
    async with open_door(request.param, "empty") as door:
        gateways = door.gateways
        vault = vault_id(door.subscription, "rg-new", "asr-new")
        for target, body in (
            (resource_group_id(door.subscription, "rg-new"), {"location": "westeurope"}),
            (vault, {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {}}),
        ):
            await gateways.resources.begin_put(target, body, client_request_id=REQUEST_ID)
            door.simulator.clock.advance(120)
        site = fabric_id(vault, "HQ")
        await gateways.site_recovery.begin_put(site, {}, client_request_id=REQUEST_ID)
        door.simulator.clock.advance(120)
        use = await open_use_cases(gateways, door.clock, Limits(), None, PosixFileRights())
        try:
            fabric = await gateways.site_recovery.get_fabric(site)
            assert use.practice is not None
            yield Yard(door, use.keys, use.practice, fabric, tmp_path / "key.VaultCredentials")
        finally:
            await use.aclose()


@pytest.mark.parametrize("way", list(KeyWay))
async def test_all_nodes_register_with_a_key_of_ours(yard: Yard, way: KeyWay) -> None:
    waiting = (await yard.practice.state()).waiting_hosts
    assert {host.cluster for host in waiting} == {"HQ-CLUSTER"}
    key = await yard.keys.make(yard.site, yard.path, way=way)
    for host in waiting:
        run = await yard.practice.run_script(yard.site.id, key.path, host.name)
        assert run.is_registered
        assert run.host == host.name
        assert {check.result for check in run.checks} == {HostCheckResult.OK}
        assert run.checks[0].words == "For the site HQ, good for 120 hours."
    assert await yard.registered() == [HOST, OTHER]
    with pytest.raises(Conflict, match="No Hyper-V host is waiting"):
        await yard.practice.run_script(yard.site.id, key.path, HOST)


async def test_a_host_that_is_not_ready_tells_why_and_does_not_register(yard: Yard) -> None:
    await yard.keys.make(yard.site, yard.path)
    await yard.practice.start_trouble("host-check-fails", {"host": HOST, "check": "switch_names"})
    await yard.practice.start_trouble("host-check-fails", {"host": HOST, "check": "free_space"})
    run = await yard.practice.run_script(yard.site.id, yard.path, HOST)
    assert not run.is_registered
    assert [check.id for check in run.failed] == ["switch_names"]
    assert "“#”" in run.failed[0].words
    assert [check.id for check in run.checks if check.result is HostCheckResult.WARNING] == ["free_space"]
    assert await yard.registered() == []
    await yard.practice.end_trouble("host-check-fails")
    assert (await yard.practice.run_script(yard.site.id, yard.path, HOST)).is_registered


async def test_the_proxy_is_told_as_the_set_up_has_it(yard: Yard) -> None:
    await yard.keys.make(yard.site, yard.path)
    key = Secret(yard.path.read_text())
    for proxy, says in (
        (HostProxy(ProxyKind.CUSTOM, "proxy.contoso.com", "8080", "jo"), "by the proxy http://proxy.contoso.com:8080"),
        (HostProxy(ProxyKind.EXISTING), "directly"),
    ):
        host = HOST if proxy.kind is ProxyKind.CUSTOM else OTHER
        run = await yard.practice.run_script(yard.site.id, key, host, proxy=proxy)
        assert run.is_registered
        assert says in next(check.words for check in run.checks if check.id == "address_sign_in")


async def test_an_expired_key_or_a_foreign_one_registers_nobody(yard: Yard) -> None:
    await yard.keys.make(yard.site, yard.path)
    vault = yard.site.id.up_to("vaults")
    other = fabric_id(vault, "Branch")
    await yard.door.gateways.site_recovery.begin_put(other, {}, client_request_id=REQUEST_ID)
    yard.door.simulator.clock.advance(60)
    foreign = await yard.practice.run_script(other, yard.path, HOST)
    assert "is for another site (HQ), not for Branch" in foreign.failed[0].words
    yard.door.simulator.clock.advance(121 * 3600)
    expired = await yard.practice.run_script(yard.site.id, yard.path, HOST)
    assert "expired" in expired.failed[0].words
    assert await yard.registered() == []


async def test_a_file_that_is_not_there_is_told(yard: Yard) -> None:
    with pytest.raises(InvalidInput) as refused:
        await yard.practice.run_script(yard.site.id, yard.path, HOST)
    assert "There is no file" in refused.value.advice


async def test_the_built_in_practice_vault_makes_keys(tmp_path: Path) -> None:
    services = await open_connection(PracticeSpec("contoso"))
    try:
        assert services.home_vault is not None
        site = (await services.gateways.site_recovery.list_fabrics(services.home_vault))[0]
        key = await services.keys.make(site, tmp_path / services.keys.suggested_name(site))
        assert await services.keys.read_file(key.path, site)
        assert services.keys.known(site) == key
    finally:
        await services.aclose()
