"""What is kept of each sign-in beside its tokens: who it was, the name of the token cache, and the secret if any.

In the secret store, or in memory where that is missing or not wanted. A person's record stands under the wish's key,
which names the person; beside them stands the list of people, the last one last, under what their sign-ins have in
common. Earlier programs kept the record of the only person there: it is read as that person's, and moved when somebody
signs in.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace

from app.adapters.memory_store import MemoryStore
from app.errors import Remedy, SecretStoreUnavailable, SignInRequired
from app.ports.secrets import Secret, SecretStore
from app.ports.sign_in import SignInWish

Told = dict[str, str]
"""Of a sign-in: `name`, `tenant`, `record` and `cache`."""


class SignInRecords:
    def __init__(self, store: SecretStore) -> None:
        self.memory = MemoryStore()
        self._store = store

    async def keep(
        self, wish: SignInWish, told: Told, secret: Secret | None, *, store: SecretStore | None
    ) -> SignInWish:
        """Keep it in `store`, or in memory, in place of the earlier one; the wish that finds it again.

        Raises:
            SecretStoreUnavailable: the store does not take it.
        """
        keeper, other = (store, self.memory) if store is not None else (self.memory, self._store)
        if wish.method.is_interactive:
            wish = replace(wish, account=wish.account or await self._place_of(wish, told["name"]))
            await self._list(keeper, wish)
        await keeper.put(_record(wish), Secret(json.dumps(told)))
        if secret is not None:
            await keeper.put(_password(wish), secret)
        else:
            await keeper.forget(_password(wish))
        with suppress(SecretStoreUnavailable):  # what cannot be reached cannot be gone on with either
            await self._forget_in(other, wish)
        return wish

    async def find(self, wish: SignInWish) -> tuple[SignInWish, SecretStore, Told, Secret | None]:
        """Whose it is, where it is kept, what was told, and its secret.

        Raises:
            SignInRequired: nothing is kept, or it is damaged.
        """
        for store in (self.memory, self._store):
            with suppress(SecretStoreUnavailable):
                found = await self._find_in(store, wish)
                if found is not None:
                    place, told = found
                    return place, store, told, await store.get(_password(wish))
        raise not_signed_in()

    async def people(self, wish: SignInWish) -> list[SignInWish]:
        """The wish of each person that is kept for this way.

        Raises:
            SecretStoreUnavailable: it cannot be seen.
        """
        found = {}
        for store in (self.memory, self._store):
            for name in await _people(store, wish):
                one = replace(wish, account=name)
                found[one.key] = one
        return list(found.values())

    async def caches(self, wish: SignInWish) -> set[str]:
        """The token caches that somebody's sign-in of this way still stands on.

        Raises:
            SecretStoreUnavailable: it cannot be seen.
        """
        used = set()
        for store in (self.memory, self._store):
            for name in await _people(store, wish):
                with suppress(SignInRequired):
                    found = await self._find_in(store, replace(wish, account=name))
                    if found is not None:
                        used.add(found[1].get("cache", ""))
        return used - {""}

    async def forget(self, wish: SignInWish) -> None:
        """
        Raises:
            SecretStoreUnavailable: the store keeps it; memory does not.
        """
        await self._forget_in(self.memory, wish)
        await self._forget_in(self._store, wish)

    async def _place_of(self, wish: SignInWish, name: str) -> str:
        """Where somebody new belongs: their own name, unless another person has come to stand there."""
        while True:
            try:
                _, _, told, _ = await self.find(replace(wish, account=name))
            except SignInRequired:
                return name
            if name.rstrip("+").casefold() == told["name"].casefold():
                return name
            name += "+"

    async def _list(self, keeper: SecretStore, wish: SignInWish) -> None:
        """Put the person at the end of the list, and what an earlier program kept in its place."""
        before = _read_or_none(await keeper.get(_list_name(wish)))
        if before is not None and "name" in before:
            old = replace(wish, account=str(before["name"]))
            await keeper.put(_record(old), Secret(json.dumps(before)))
        people = [name for name in await _people(keeper, wish) if name.casefold() != wish.account.casefold()]
        await keeper.put(_list_name(wish), Secret(json.dumps({"people": [*people, wish.account]})))

    async def _find_in(self, store: SecretStore, wish: SignInWish) -> tuple[SignInWish, Told] | None:
        if not wish.method.is_interactive:
            kept = await store.get(_record(wish))
            return None if kept is None else (wish, _told(kept))
        people = await _people(store, wish)
        if not wish.account and people:
            wish = replace(wish, account=people[-1])
        kept = await store.get(_record(wish)) if wish.account else None
        if kept is None and wish.account.casefold() in (name.casefold() for name in people):
            kept = await store.get(_list_name(wish))  # an earlier program's
        return None if kept is None else (wish, _told(kept))

    async def _forget_in(self, store: SecretStore, wish: SignInWish) -> None:
        if wish.method.is_interactive:
            people = await _people(store, wish)
            left = [name for name in people if name.casefold() != wish.account.casefold()]
            if not left:
                await store.forget(_list_name(wish))
            elif left != people:
                await store.put(_list_name(wish), Secret(json.dumps({"people": left})))
        if wish.account or not wish.method.is_interactive:
            await store.forget(_record(wish))
        await store.forget(_password(wish))


async def _people(store: SecretStore, wish: SignInWish) -> list[str]:
    listed = _read_or_none(await store.get(_list_name(wish))) or {}
    if "name" in listed:  # an earlier program's
        return [str(listed["name"])]
    people = listed.get("people")
    return [str(name) for name in people] if isinstance(people, list) else []


def _read_or_none(kept: Secret | None) -> dict[str, object] | None:
    try:
        read = json.loads(kept.reveal()) if kept is not None else None
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _told(kept: Secret) -> Told:
    """
    Raises:
        SignInRequired: what was kept is damaged.
    """
    told = _read_or_none(kept) or {}
    if not {"name", "tenant", "record"} <= told.keys():
        raise not_signed_in()
    return {name: str(told.get(name, "")) for name in ("name", "tenant", "record", "cache")}


def not_signed_in() -> SignInRequired:
    return SignInRequired("NotSignedIn", "You are not signed in", "Sign in to go on.", remedies=(Remedy.SIGN_IN,))


def _list_name(wish: SignInWish) -> str:
    return f"sign-in {wish.way_key}"


def _record(wish: SignInWish) -> str:
    return f"sign-in {wish.key}"


def _password(wish: SignInWish) -> str:
    return f"sign-in secret {wish.key}"
