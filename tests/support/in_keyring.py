"""Run in a session with a real keyring: signs in, goes on in what stands for a later program, and signs out.

Prints one JSON line: what the keyring held at each moment, and what went on.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

import keyring
import secretstorage

from app.adapters.azure.sign_in import AzureSignIn
from app.adapters.keyring_store import SERVICE, KeyringStore
from app.errors import SignInRequired
from app.ports.secrets import Secret
from app.ports.sign_in import SignInMethod, SignInWish
from tests.support.identity import ROBOT, ROBOT_SECRET, TENANT, served_identity


def held() -> list[str]:
    """What the keyring holds for the program, secrets included."""
    bus = secretstorage.dbus_init()
    try:
        items = secretstorage.get_default_collection(bus).search_items({"service": SERVICE})
        return sorted(f"{item.get_attributes()['username']}: {item.get_secret().decode()}" for item in items)
    finally:
        bus.close()


async def main(folder: Path) -> dict[str, object]:
    async with served_identity(folder) as served:
        first = AzureSignIn(KeyringStore())
        cloud = await first.cloud_at(served.arm, ca=served.ca)
        wish = SignInWish(SignInMethod.CLIENT_SECRET, cloud, TENANT, ROBOT, ca=served.ca)
        signed_in = await first.sign_in(wish, Secret(ROBOT_SECRET))
        while_in = held()
        await first.aclose()
        later = AzureSignIn(KeyringStore())
        resumed = await later.resume(wish)
        token = (await later.credential(wish).get_token(cloud.scope)).token
        vaults = served.vaults(token).status
        await later.sign_out(wish)
        after = held()
        try:
            await later.resume(wish)
            is_forgotten = False
        except SignInRequired:
            is_forgotten = True
        person = await later.will_keep(SignInMethod.BROWSER)
        await later.aclose()
    return {
        "backend": type(keyring.get_keyring()).__module__,
        "kept": signed_in.kept.where,
        "lasting": signed_in.kept.is_lasting,
        "while_in": while_in,
        "resumed": resumed.account.name,
        "vaults": vaults,
        "after": after,
        "forgotten": is_forgotten,
        "person_reason": person.reason,
        "person_lasting": person.is_lasting,
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        sys.stdout.write(json.dumps(asyncio.run(main(Path(made)))) + "\n")
