"""What must not be done later is said with reason and remedy; what has happened is found from what Azure lists."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from app.domain.arm_id import storage_account_id, virtual_network_id
from app.domain.estate import Estate
from app.domain.no_move_rules import Fixed
from app.domain.protected_item import ReplicationProtectedItem
from app.domain.rules import PROFILES
from app.flows.no_moves import moved_targets, no_moves, short_sentence, source_text
from app.rules import load_rules
from tests.support import estates

OTHER_GROUP = "rg-moved"
ACCOUNT, NETWORK = estates.storage(), estates.network()


def item(name: str = "WEB-01", **changes: object) -> ReplicationProtectedItem:
    given = {"storage_account_id": ACCOUNT.id.text, "target_network_id": NETWORK.id.text}
    return msgspec.structs.replace(estates.protected(estates.machine(name)), **(given | changes))


def estate(*items: ReplicationProtectedItem, **changes: object) -> Estate:
    return estates.contoso(
        **{"protected_items": items, "storage_accounts": (ACCOUNT,), "networks": (NETWORK,)} | changes
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_says_everything_with_reason_remedy_and_source(profile: str) -> None:
    rules = load_rules(profile)

    assert [entry.id for entry in no_moves(rules)] == list(Fixed)
    assert all(entry.what and entry.short and entry.why and entry.instead for entry in no_moves(rules))
    assert rules.no_moves.source.as_of.startswith({"seed-2017": "2017"}.get(profile, "2026"))
    assert rules.no_moves.source.month in source_text(rules)
    assert "moved" in short_sentence(Fixed.VAULT, rules)


def test_what_is_where_it_was_is_no_news() -> None:
    shouted = item(storage_account_id=ACCOUNT.id.text.upper(), target_network_id=NETWORK.id.text.upper())

    assert moved_targets(estate(item(), shouted, item(storage_account_id="", target_network_id=""))) == ()


def test_an_account_in_another_group_was_moved() -> None:
    there = replace(ACCOUNT, id=storage_account_id(estates.SUBSCRIPTION, OTHER_GROUP, ACCOUNT.name))

    (moved,) = moved_targets(estate(item("WEB-02"), item("WEB-01"), storage_accounts=(there,)))

    assert (moved.fixed, moved.at, moved.found) == (Fixed.STORAGE, ACCOUNT.id, there.id)
    assert moved.machines == ("WEB-01", "WEB-02")
    assert (
        moved.cause == "The storage account contosohqasr02 was moved from the resource group rg-contoso-dr to rg-moved."
    )
    assert "2 machines look for it" in moved.text
    assert moved.remedy.startswith("Move it back to rg-contoso-dr, or disable replication")


def test_a_network_of_the_name_elsewhere_seems_to_have_been_moved() -> None:
    there = replace(NETWORK, id=virtual_network_id(estates.SUBSCRIPTION, OTHER_GROUP, NETWORK.name))

    (moved,) = moved_targets(estate(item(), networks=(there,)))

    assert (moved.fixed, moved.found) == (Fixed.NETWORK, there.id)
    assert "seems to have been moved" in moved.text
    assert "WEB-01 looks for it at the old place: a failover would fail." in moved.text
    assert "set another network" in moved.remedy


def test_what_stands_nowhere_was_deleted_or_taken_to_another_subscription() -> None:
    gone = moved_targets(estate(item(), storage_accounts=(), networks=()))

    assert [(moved.fixed, moved.found) for moved in gone] == [(Fixed.STORAGE, None), (Fixed.NETWORK, None)]
    assert all("deleted, or moved to another subscription" in moved.text for moved in gone)
    assert all("Move it back" not in moved.remedy for moved in gone)
    assert gone[0].remedy.startswith("Disable replication")


def test_an_account_for_change_logs_counts_as_well_and_the_same_one_once() -> None:
    logs = storage_account_id(estates.SUBSCRIPTION, estates.GROUP, "stlogs").text

    managed = moved_targets(estate(item(storage_account_id="", log_account_id=logs)))
    same = moved_targets(estate(item(storage_account_id=logs, log_account_id=logs.upper())))

    assert [moved.at.name for moved in managed] == ["stlogs"]
    assert [(moved.at.name.lower(), moved.machines) for moved in same] == [("stlogs", ("WEB-01",))]


def test_a_classic_account_is_in_no_list_and_was_not_moved_for_that() -> None:
    classic = storage_account_id(estates.SUBSCRIPTION, "rg-old", "stold").text.replace(".Storage/", ".ClassicStorage/")

    assert moved_targets(estate(item(storage_account_id=classic), storage_accounts=())) == ()


def test_of_another_subscription_and_of_machines_in_azure_nothing_is_said() -> None:
    elsewhere = storage_account_id("another-subscription", "rg", "stelsewhere").text
    in_azure = item(active_location="Recovery")

    found = moved_targets(estate(item(storage_account_id=elsewhere), in_azure, storage_accounts=()))

    assert found == ()
