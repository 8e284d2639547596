"""What a script finds on a practice host that is to be registered: the key, the host, and its way to Azure."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.host_checks import ADDRESSES, CHECKS, Address
from app.simulator.key_file import KeyFile, read
from app.simulator.wire import Json, vault_part
from app.simulator.world import World

HOST_CHECK_FAILS = "host-check-fails"
"""The fault that makes one of a host's checks fail."""
LONGEST_VALID_S = 120 * 3600.0
_SLACK_S = 600.0
_CERTIFICATES = "certificates"


def note_certificate(world: World, vault: rec.Resource, thumbprint: str, valid_until: float, at: float) -> None:
    """Let the vault know a certificate that it has made or was sent, until that expires."""
    known = vault.extra.get(_CERTIFICATES, {})
    vault.extra[_CERTIFICATES] = {key: until for key, until in known.items() if until > at} | {thumbprint: valid_until}
    world.resources.put(vault.id.lower(), vault)


def broken_checks(world: World, host: rec.Host) -> frozenset[str]:
    """The ids of what a host has been made to fail."""
    return frozenset(
        str(fault.chosen["check"])
        for fault in world.faults.records()
        if fault.kind == HOST_CHECK_FAILS and str(fault.chosen["host"]).lower() == host.name.lower()
    )


def run_checks(world: World, fabric: rec.Fabric, host: rec.Host, key: str, proxy: str, at: float) -> list[Json]:
    """Each check with its id, title, result (`ok`, `warning`, `failed`) and words."""
    broken = broken_checks(world, host)
    report = [_key_check(world, fabric, key, at)]
    for check in CHECKS:
        is_broken = check.id in broken
        words = check.fails if is_broken else check.ok
        report.append(_line(check.id, check.title, check.result if is_broken else "ok", words))
    return [*report, *(_way(host, address, proxy, is_closed=address.id in broken) for address in ADDRESSES)]


def can_register(report: list[Json]) -> bool:
    return all(line["result"] != "failed" for line in report)


def _key_check(world: World, fabric: rec.Fabric, text: str, at: float) -> Json:
    title = "Registration key"
    try:
        key = read(text)
        _check_key(world, fabric, key, at)
    except ValueError as error:
        return _line("key", title, "failed", str(error))
    return _line("key", title, "ok", f"For the site {key.site}, good for {(key.valid_until - at) / 3600:.0f} hours.")


def _check_key(world: World, fabric: rec.Fabric, key: KeyFile, at: float) -> None:
    """
    Raises:
        ValueError: it does not register hosts in this site now.
    """
    vault = world.resources[vault_part(fabric.id.lower())]
    parts = vault.id.lower().split("/")
    if key.vault != "/".join((parts[2], parts[4], parts[-1])) or key.site_id.lower() != fabric.internal_id.lower():
        raise ValueError(f"The key is for another site ({key.site}), not for {fabric.friendly_name}.")
    if key.thumbprint not in vault.extra.get(_CERTIFICATES, {}):
        raise ValueError("The vault does not know the key's certificate. Make a new key.")
    if at < key.valid_from:
        raise ValueError("The key's certificate is not valid yet. Look at the clocks.")
    if at >= min(key.valid_until, key.valid_from + _SLACK_S + LONGEST_VALID_S):
        raise ValueError("The key has expired. A key is good for five days: make a new one.")


def _way(host: rec.Host, address: Address, proxy: str, *, is_closed: bool) -> Json:
    way = f"by the proxy {proxy}" if proxy else "directly"
    is_time = address.address.endswith(":123")  # no proxy carries it
    if proxy.lower().startswith("https://") and not is_time:
        return _line(address.id, address.title, address.result, "A proxy that is reached by HTTPS cannot be used.")
    if host.proxy and proxy.lower().rstrip("/") != host.proxy.lower() and not is_time:
        words = f"{address.address} is not reached {way}. The firewall lets out what comes by {host.proxy}."
        return _line(address.id, address.title, address.result, words)
    if is_closed:
        words = f"{address.address} is not reached {way}. Have it opened in the firewall and on the proxy."
        return _line(address.id, address.title, address.result, words)
    return _line(address.id, address.title, "ok", f"{address.address} is reached {'directly' if is_time else way}.")


def _line(check: str, title: str, result: str, words: str) -> Json:
    return {"id": check, "title": title, "result": result, "words": words}
