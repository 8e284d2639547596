"""A host loses its connection to Azure, or a storage account shuts: what that does to the machines that need them.

Only the practice controls bring this about. A first copy may wait for the time of its policy as well.
"""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator import replication
from app.simulator.event_log import record_health_event, record_server_event
from app.simulator.hosts import is_shut_out, is_silent
from app.simulator.replica import upload_accounts
from app.simulator.wire import fabric_part
from app.simulator.world import World


def fall_silent(world: World, host: rec.Host, at: float) -> None:
    """Nothing more is heard of the host: first copies stop where they are, replicas grow old."""
    host.silent_since = at
    world.hosts.put(host.name.lower(), host)
    for item in _items_on(world, host):
        key = item.id.lower()
        if item.phase == "initial" and item.upload_left is None:
            item.upload_left = replication.pause_upload(world, fabric_part(key), key, at)
        elif item.phase == "protected" and item.trouble in (None, "line"):
            item.trouble, item.trouble_since = "silent", at
        else:
            continue
        world.put_item(item)
    record_server_event(world, host, at, is_silent=True)


def answer_again(world: World, host: rec.Host, at: float) -> None:
    """The host is heard of again: everything goes on where it stopped."""
    host.silent_since = None
    world.hosts.put(host.name.lower(), host)
    for item in _items_on(world, host):
        key = item.id.lower()
        if _waits_for_that_alone(item, at) and item.upload_left is not None and not is_shut_out(world, item):
            replication.begin_upload(world, fabric_part(key), key, item.upload_left, at)
            item.upload_left = None
        elif item.trouble == "silent":
            item.trouble = next_trouble(world, item)
        else:
            continue
        world.put_item(item)
    replication.weigh(world, host.fabric, at)
    record_server_event(world, host, at, is_silent=False)


def account_shuts(world: World, account: rec.Resource, at: float) -> None:
    """The account takes nothing more: first copies into it stop, replicas grow old."""
    for item in _items_in(world, account):
        key = item.id.lower()
        if item.phase == "initial" and item.upload_left is None:
            item.upload_left = replication.pause_upload(world, fabric_part(key), key, at)
        elif item.phase == "protected" and item.trouble in (None, "line"):
            item.trouble, item.trouble_since = "storage", at
            record_health_event(world, item, "storage", at)
        else:
            continue
        world.put_item(item)


def account_opens(world: World, account: rec.Resource, at: float) -> None:
    """The account takes data again, unless it is still shut."""
    for item in _items_in(world, account):
        key = item.id.lower()
        if is_shut_out(world, item):
            continue
        if _waits_for_that_alone(item, at) and item.upload_left is not None and not is_silent(world, item.provider):
            replication.begin_upload(world, fabric_part(key), key, item.upload_left, at)
            item.upload_left = None
        elif item.trouble == "storage":
            item.trouble = next_trouble(world, item)
        else:
            continue
        world.put_item(item)
    for key in world.fabrics.keys(""):
        replication.weigh(world, key, at)


def next_trouble(world: World, item: rec.Item) -> str | None:
    """What keeps a machine from replicating now that something else does so no more."""
    if is_silent(world, item.provider):
        return "silent"
    return "storage" if is_shut_out(world, item) else None


def _items_in(world: World, account: rec.Resource) -> list[rec.Item]:
    wanted = account.id.lower()
    return [item for item in world.items.records() if wanted in upload_accounts(item)]


def _items_on(world: World, host: rec.Host) -> list[rec.Item]:
    found = (world.item_of_machine(machine) for machine in host.machines)
    return [item for item in found if item is not None]


def first_copy(world: World, item_key: str, note: str, at: float) -> None:
    """Effect: the time of the policy has come. A machine that waits for its host as well goes on waiting for that."""
    item = world.items.get(item_key)
    if item is None or item.phase != "initial" or item.upload_left is None or replication.is_too_early(item, at):
        return
    if not is_silent(world, item.provider) and not is_shut_out(world, item):
        left, item.upload_left = item.upload_left, None
        world.put_item(item)
        replication.begin_upload(world, fabric_part(item.id.lower()), item_key, left, at)


def _waits_for_that_alone(item: rec.Item, at: float) -> bool:
    """Whether its first copy does not wait for the time of its policy as well."""
    return item.phase == "initial" and not replication.is_too_early(item, at)
