"""The troubles of the scenario `unhealthy` as the program reads them, and its own words for each."""

from __future__ import annotations

from app.domain.health import Health
from app.rules import load_rules
from tests.support.practice import open_practice

TROUBLES = {
    "FS01": ("25018", Health.CRITICAL, Health.NORMAL),
    "DC02": ("25018", Health.CRITICAL, Health.WARNING),
    "SQL-PROD-01": ("70179", Health.WARNING, Health.WARNING),
    "LNX-GIT": ("539", Health.WARNING, Health.WARNING),
    "WEB-01": ("0x800423F4", Health.WARNING, Health.NORMAL),
    "WEB-03": ("70038", Health.NORMAL, Health.WARNING),
    "PRINT01": ("28092", Health.NORMAL, Health.CRITICAL),
    "APP-HR": ("28020", Health.NORMAL, Health.CRITICAL),
    "DC01": ("", Health.NORMAL, Health.NORMAL),
}


async def test_every_trouble_is_read_with_its_code_and_level() -> None:
    async with open_practice("unhealthy") as practice:
        page = await practice.gateways.site_recovery.list_protected_items(practice.vault)
        items = {item.friendly_name: item for item in page}
        for name, (code, replication, failover) in TROUBLES.items():
            item = items[name]
            assert (item.replication_health, item.failover_health) == (replication, failover), name
            codes = {error.code for error in item.errors if error.code != "161011"}
            assert codes == ({code} if code else set()), name


async def test_the_vaults_health_counts_the_same_troubles() -> None:
    async with open_practice("unhealthy") as practice:
        health = await practice.gateways.site_recovery.get_vault_health(practice.vault)
        counted = dict.fromkeys((code for code, _, _ in TROUBLES.values() if code), 0)
        for code, count in health.protected_items.issues:
            counted[code] = counted.get(code, 0) + count
        assert counted["539"] == counted["0x800423F4"] == counted["70038"] == counted["28092"] == 1
        assert all(counted.values())


def test_every_trouble_has_words_of_the_programs_own() -> None:
    rules = load_rules()
    for code, _, _ in TROUBLES.values():
        if code:
            entry = rules.error(code)
            assert entry is not None, code
            assert entry.cause
            assert entry.remedy
