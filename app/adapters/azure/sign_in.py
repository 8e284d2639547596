"""Signing in through azure-identity. Implements app.ports.sign_in.SignIn.

The library's own browser and device-code ways are blocking ones, so every way runs in a daemon thread, and so does each
later request for a token. A new sign-in takes the place of the earlier one only when it has come about: until then it
has a cache of its own, and one that is cancelled or refused leaves the earlier one as it was.

What a sign-in needs to go on later is kept in two places: tokens in the platform's encrypted cache (`token_cache`), the
short things (a client secret, a certificate's password, and who it was) in the secret store. Where one of them is
missing everything stays in memory, and `Kept` says so.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from azure.core.exceptions import AzureError

from app.adapters.azure import clouds, token_cache
from app.adapters.azure.credentials import SilentCredential
from app.adapters.azure.identity_transport import GivenUp
from app.adapters.azure.sign_in_errors import ended, refused, refused_by_tenant
from app.adapters.azure.sign_in_records import SignInRecords, Told, not_signed_in
from app.adapters.azure.sign_in_ways import Way, account_in, has_broker, make_way
from app.adapters.daemon import in_daemon_thread, tell_loop
from app.adapters.memory_store import MemoryStore
from app.adapters.network.ways import Ways
from app.domain.cloud import Cloud
from app.errors import AppError, FieldProblem, InvalidInput, SecretStoreUnavailable, SignInRequired
from app.ports.secrets import Secret, SecretStore
from app.ports.sign_in import Account, DeviceCode, Kept, ShowCode, SignedIn, SignInMethod, SignInWish, show_nothing
from app.runtime.renewal import Renewal

# It warns of each refusal, and Python writes that to the terminal where no log is kept; we tell refusals ourselves.
logging.getLogger("azure.identity").addHandler(logging.NullHandler())

_SHOWN_WITHIN_S = 10.0
_NO_STORE = "This computer has no store for secrets that the program can use, or it stays locked."
_NO_CACHE = "This computer cannot encrypt tokens for the program."
_NOT_WANTED = "It was not asked for."


@dataclass(frozen=True, slots=True)
class _Live:
    """A sign-in that gives tokens in this process."""

    way: Way
    signed_in: SignedIn


class AzureSignIn:
    """All sign-ins of this process, one for each wish's key, so that two people have one each.

    Args:
        ways: how addresses are reached; without them as the system says.
        window: the handle of the window in front of which Windows asks for an account.
    """

    def __init__(
        self, store: SecretStore, ways: Ways | None = None, *, window: Callable[[], int | None] = lambda: None
    ) -> None:
        self._store = store
        self._ways = ways if ways is not None else Ways()
        self._records = SignInRecords(store)
        self._window = window
        self._live: dict[str, _Live] = {}
        self._renewals: dict[tuple[str, str], Renewal] = {}
        self._credentials: dict[tuple[str, str], SilentCredential] = {}
        self._missed_claims: dict[str, str] = {}
        self._turns: dict[str, threading.Lock] = {}

    async def methods(self) -> tuple[SignInMethod, ...]:
        has_account = await in_daemon_thread(has_broker, "sign-in")
        return tuple(each for each in SignInMethod if has_account or each is not SignInMethod.WINDOWS_ACCOUNT)

    async def will_keep(self, method: SignInMethod) -> Kept:
        if method.is_borrowed:
            return _kept_words(method, self._store)
        store, reason = await self._lasting_store()
        if store is None:
            return Kept(self._records.memory.where, is_lasting=False, reason=reason)
        if method.is_interactive and not await in_daemon_thread(token_cache.can_encrypt, "sign-in"):
            return Kept(self._records.memory.where, is_lasting=False, reason=_NO_CACHE)
        return _kept_words(method, store)

    def renewal(self, wish: SignInWish, tenant: str = "") -> Renewal:
        return self._renewals.setdefault((self._known(wish).key, tenant), Renewal(SignInRequired))

    async def cloud_at(self, address: str, *, ca: Path | None = None) -> Cloud:
        return await in_daemon_thread(lambda: clouds.ask(address, ca, self._ways), "cloud")

    async def sign_in(
        self,
        wish: SignInWish,
        secret: Secret | None = None,
        *,
        show: ShowCode = show_nothing,
        within_s: int = 300,
        keep: bool = True,
    ) -> SignedIn:
        _check(wish, secret)
        store, reason = await self._lasting_store() if keep else (None, _NOT_WANTED)
        loop, attempt = asyncio.get_running_loop(), _Attempt(wish, is_new=True)
        is_cached = wish.method.is_interactive and store is not None

        def make() -> Way:
            name = token_cache.new_cache_name(wish.way_key)
            cache = token_cache.encrypted_cache(name) if is_cached else None
            attempt.cache = name if cache is not None else ""
            return make_way(
                wish,
                ways=self._ways,
                secret=secret,
                cache=cache,
                show=lambda code: _show(loop, show, code),
                within_s=within_s,
                window=self._window(),
                claims=self._missed_claims.get(wish.way_key, ""),
            )

        way = await attempt.carry_out(make, Way.sign_in)
        if wish.method.is_interactive and not attempt.cache:
            store, reason = None, reason or _NO_CACHE
        signed_in = await self._keep(wish, way, secret, store, reason, attempt.cache)
        await self._put_live(_Live(way, signed_in))
        if wish.method.is_interactive:
            with suppress(SecretStoreUnavailable):  # the earlier sign-in's cache: signing out tries again
                await self._forget_caches(wish, await self._records.caches(wish))
        return signed_in

    async def resume(self, wish: SignInWish) -> SignedIn:
        live = self._live_of(wish)
        if live is not None:
            return live.signed_in
        kept_in: SecretStore = self._store
        told: Told = {}
        secret: Secret | None = None
        if not wish.method.is_borrowed:
            wish, kept_in, told, secret = await self._records.find(wish)
        attempt = _Attempt(wish, is_new=False)

        def make() -> Way:
            name = told.get("cache", "")
            cache = token_cache.encrypted_cache(name) if name else None
            return make_way(wish, ways=self._ways, secret=secret, cache=cache, record=told.get("record", ""))

        def go_on(way: Way) -> None:
            token = way.token()
            way.account = Account(told["name"], told["tenant"]) if told else account_in(token.token, wish)

        way = await attempt.carry_out(make, go_on)
        signed_in = SignedIn(wish, way.account, _kept_words(wish.method, kept_in))
        await self._put_live(_Live(way, signed_in))
        return signed_in

    async def sign_out(self, wish: SignInWish) -> None:
        left: SecretStoreUnavailable | None = None
        is_kept = False
        for one in await self._each_of(wish):
            live = self._live.pop(one.key, None)
            if live is not None:
                is_kept = is_kept or live.signed_in.kept.is_lasting
                await in_daemon_thread(live.way.close, "sign-out")
            try:
                await self._records.forget(one)
            except SecretStoreUnavailable as error:
                left = error
        if wish.method.is_interactive:
            try:
                used = await self._records.caches(wish)
            except SecretStoreUnavailable as error:
                left = error
            else:
                await self._forget_caches(wish, used)
        if left is not None and is_kept:
            raise left

    def credential(self, wish: SignInWish, *, tenant: str = "") -> SilentCredential:
        """Tokens of the sign-in as it is when one is asked for, so that a connection goes on after signing in anew.

        The same for all connections that stand on it. With `tenant` they are for that one, where whoever signed in is
        a guest.
        """
        wish = self._known(wish)
        key = wish.key, tenant
        if key in self._credentials:
            return self._credentials[key]

        def way() -> Way:
            live = self._live_of(wish)
            if live is None:
                raise not_signed_in()
            return live.way

        def why(error: BaseException) -> AppError:
            live = self._live_of(wish)
            say = refused_by_tenant if tenant else ended
            return say(error, live.way.last_refusal if live is not None else "")

        def miss(claims: str) -> None:
            self._missed_claims[wish.way_key] = claims

        made = SilentCredential(
            lambda: way().credential, why, self.renewal(wish, tenant), miss, self._turn(wish), tenant=tenant
        )
        return self._credentials.setdefault(key, made)

    async def aclose(self) -> None:
        """Close the lines; what is kept stays kept."""
        lives, self._live = list(self._live.values()), {}
        for live in lives:
            await in_daemon_thread(live.way.close, "sign-out")

    def _live_of(self, wish: SignInWish) -> _Live | None:
        """The sign-in that goes on; without an account that of whoever signed in last."""
        if wish.account or not wish.method.is_interactive:
            return self._live.get(wish.key)
        alike = [live for live in self._live.values() if live.signed_in.wish.way_key == wish.way_key]
        return alike[-1] if alike else None

    def _known(self, wish: SignInWish) -> SignInWish:
        live = self._live_of(wish)
        return wish if live is None else live.signed_in.wish

    async def _each_of(self, wish: SignInWish) -> list[SignInWish]:
        """The wishes of all people, where it names none."""
        if wish.account or not wish.method.is_interactive:
            return [wish]
        lives = [live.signed_in.wish for live in self._live.values()]
        found = {each.key: each for each in lives if each.way_key == wish.way_key}
        with suppress(SecretStoreUnavailable):
            found |= {each.key: each for each in await self._records.people(wish)}
        return [*found.values(), wish]

    def _turn(self, wish: SignInWish) -> threading.Lock:
        return self._turns.setdefault(wish.way_key, threading.Lock())

    async def _forget_caches(self, wish: SignInWish, used: set[str]) -> None:
        """Those on which nobody's sign-in stands any more.

        Not while a token is fetched, which would write a cache anew that was just removed.

        Raises:
            SecretStoreUnavailable: they cannot be removed.
        """

        def forget() -> None:
            with self._turn(wish):
                token_cache.forget_caches(wish.way_key, but=used)

        await in_daemon_thread(forget, "sign-out")

    async def _put_live(self, live: _Live) -> None:
        wish = live.signed_in.wish
        earlier = self._live.pop(wish.key, None)  # the last one comes last
        self._live[wish.key] = live
        self._missed_claims.pop(wish.way_key, None)
        for (of, _), renewal in self._renewals.items():
            if of in (wish.key, wish.way_key):
                renewal.renew()
        if earlier is not None:
            await in_daemon_thread(earlier.way.close, "sign-out")

    async def _lasting_store(self) -> tuple[SecretStore | None, str]:
        """The store, if it answers at all."""
        try:
            await self._store.get("sign-in")
        except SecretStoreUnavailable:
            return None, _NO_STORE
        return (None, "") if isinstance(self._store, MemoryStore) else (self._store, "")

    async def _keep(
        self, wish: SignInWish, way: Way, secret: Secret | None, store: SecretStore | None, reason: str, cache: str
    ) -> SignedIn:
        """Keep the new sign-in in place of the earlier one, wherever that was kept."""
        if wish.method.is_borrowed:
            return SignedIn(wish, way.account, _kept_words(wish.method, self._store))
        told = {"name": way.account.name, "tenant": way.account.tenant, "record": way.record, "cache": cache}
        if store is not None:
            try:
                wish = await self._records.keep(wish, told, secret, store=store)
                return SignedIn(wish, way.account, _kept_words(wish.method, store))
            except SecretStoreUnavailable as error:  # it was locked meanwhile, or the secret is too large for it
                reason = f"{error.title}."
        wish = await self._records.keep(wish, told, secret, store=None)
        kept = Kept(self._records.memory.where, is_lasting=False, reason=reason)
        return SignedIn(wish, way.account, kept)


class _Attempt:
    """One sign-in in a thread. Given up or failed, it leaves no line open and, if it was a new one, no token behind.

    Attributes:
        cache: the name of the cache that a new one fills; empty where it has none.
    """

    def __init__(self, wish: SignInWish, *, is_new: bool) -> None:
        self.cache = ""
        self._wish = wish
        self._is_new = is_new
        self._way: Way | None = None
        self._is_given_up = threading.Event()

    async def carry_out(self, make: Callable[[], Way], go: Callable[[Way], None]) -> Way:
        """
        Raises:
            AppError: whatever went wrong, translated.
        """
        try:
            return await in_daemon_thread(lambda: self._work(make, go), "sign-in")
        except asyncio.CancelledError:
            self._is_given_up.set()
            if self._way is not None:
                threading.Thread(target=self._way.give_up, name="sign-in given up", daemon=True).start()
            raise
        except (AzureError, ValueError, OSError) as error:
            last_refusal = self._way.last_refusal if self._way is not None else ""
            if self._is_new or self._wish.method.is_borrowed:
                raise refused(error, self._wish.method, last_refusal) from error
            raise ended(error, last_refusal) from error

    def _work(self, make: Callable[[], Way], go: Callable[[Way], None]) -> Way:
        self._way = way = make()
        try:
            self._check()
            go(way)
            self._check()
        except BaseException:
            way.close()
            if self._is_new and self.cache:
                token_cache.forget_cache(self.cache)
            raise
        return way

    def _check(self) -> None:
        if self._is_given_up.is_set():
            raise GivenUp


def _kept_words(method: SignInMethod, store: SecretStore) -> Kept:
    if method is SignInMethod.AZURE_CLI:
        return Kept("the Azure CLI", is_lasting=True)
    if method is SignInMethod.AZURE_POWERSHELL:
        return Kept("Azure PowerShell", is_lasting=True)
    if isinstance(store, MemoryStore):
        return Kept(store.where, is_lasting=False, reason=_NO_STORE)
    return Kept(token_cache.where() if method.is_interactive else store.where, is_lasting=True)


def _show(loop: asyncio.AbstractEventLoop, show: ShowCode, code: DeviceCode) -> None:
    """Show the code, and go on when it can be seen: asking for an answer before that is of no use."""
    is_shown = threading.Event()

    def tell() -> None:
        try:
            show(code)
        finally:
            is_shown.set()

    tell_loop(loop, tell)
    is_shown.wait(_SHOWN_WITHIN_S)


def _check(wish: SignInWish, secret: Secret | None) -> None:
    """
    Raises:
        InvalidInput: something is missing that this way needs.
    """
    problems: list[FieldProblem] = []
    if wish.method.is_of_application:
        if not wish.tenant:
            problems.append(FieldProblem("tenant", "An application signs in to a tenant: give its id or domain."))
        if not wish.client_id:
            problems.append(FieldProblem("client_id", "Give the application's client id."))
    if wish.method is SignInMethod.CLIENT_SECRET and (secret is None or not secret.reveal()):
        problems.append(FieldProblem("secret", "Give the client secret."))
    if wish.method is SignInMethod.CERTIFICATE and wish.certificate is None:
        problems.append(FieldProblem("certificate", "Choose the certificate's file."))
    if problems:
        title = "Something is missing to sign in"
        raise InvalidInput("SignInWish", title, problems[0].text, problems=tuple(problems))
