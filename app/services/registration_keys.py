"""Registration keys: made, saved where somebody wants them, verified, and remembered by their facts.

A key is a write to Azure like others, but not one for the runner: its answer holds a private key, which must come back
in memory and nowhere else, while the runner works from what is on disk alone. So it is journaled here, as a run that is
closed from the start: nothing of it is ever taken up again. If an answer gets lost, or the program ends before the file
is whole, Azure knows a certificate to which nobody has the private key. It opens nothing and expires by itself, so
making the key anew is all that is needed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.calendar_entry import calendar_entry
from app.domain.fabric import Fabric
from app.domain.registration_key import KeyWay, RegistrationKey, suggested_name
from app.domain.rules import Rules
from app.domain.vault import Vault
from app.errors import AppError, FieldProblem, InvalidInput, ServiceFault
from app.flows.action import Action
from app.flows.key_actions import key_action
from app.flows.vault_credentials import (
    MAX_BYTES,
    NotVaultCredentials,
    VaultCredentials,
    read_credentials,
    write_credentials,
)
from app.ports.clock import Clock
from app.ports.registration import CertificateRequest, FileRights, OpenedCertificate, VaultCertificate
from app.runtime.journal import ActionRecord, ActionState, Journal, RunRecord
from app.runtime.private_file import PrivateFile
from app.runtime.progress import Progress, Report, silent
from app.runtime.write_access import WriteAccess
from app.services.action_text import write_action
from app.services.file_problems import FIELD, cannot_read, cannot_write
from app.services.gateways import Gateways
from app.services.key_facts import KeyFacts
from app.services.runs import ActionProblem
from app.services.write_refusal import refuse_if_read_only

_WHAT = "The registration key"


class RegistrationKeys:
    """One per connection."""

    def __init__(
        self,
        gateways: Gateways,
        journal: Journal,
        clock: Clock,
        rules: Rules,
        access: WriteAccess,
        facts: KeyFacts,
        rights: FileRights,
    ) -> None:
        self._gateways = gateways
        self._certificates = gateways.certificates
        self._journal = journal
        self._clock = clock
        self._rules = rules
        self._access = access
        self._facts = facts
        self._rights = rights

    def actions(self, site: Fabric, *, way: KeyWay = KeyWay.SERVICE) -> tuple[Action, ...]:
        """What `make` would send, to be shown before."""
        return (key_action(site, way, self._rules, self._clock.now()),)

    def suggested_name(self, site: Fabric) -> str:
        return suggested_name(site.friendly_name, site.id.vault_name, self._clock.now())

    def known(self, site: Fabric) -> RegistrationKey | None:
        """The newest key that was made for the site through this connection, expired or not."""
        key = self._facts.of(site.internal_id)
        return key if key is not None and key.is_for(site.internal_id, site.id.up_to("vaults")) else None

    def calendar_entry(self, key: RegistrationKey) -> bytes:
        """An .ics file: when the key expires, and a reminder before."""
        return calendar_entry(key, remind_before=self._rules.registration_key.reminder_before)

    async def make(
        self, site: Fabric, path: Path, *, way: KeyWay = KeyWay.SERVICE, report: Report = silent
    ) -> RegistrationKey:
        """Have a certificate made or taken by Azure, and save the key; only the user can read the file.

        The place is tried before anything is sent. What was at `path` is replaced once the new file is whole.

        Raises:
            Conflict: the connection is read-only.
            InvalidInput: the file cannot be saved there.
            AppError: Azure does not make or take the certificate, or what came back is not what was asked for.
        """
        refuse_if_read_only(self._access)
        report(Progress("Preparing the file"))
        try:
            file = await asyncio.to_thread(PrivateFile, path, self._rights.keep_to_user)
        except OSError as error:
            raise cannot_write(_WHAT, path, error) from error
        try:
            key = await self._make(site, file, way, report)
        finally:
            await asyncio.shield(asyncio.to_thread(file.discard))
        await self._facts.put(key)
        return key

    async def _make(self, site: Fabric, file: PrivateFile, way: KeyWay, report: Report) -> RegistrationKey:
        now = self._clock.now()
        report(Progress("Reading the site and its vault"))
        site = await self._gateways.site_recovery.get_fabric(site.id)
        vault = await self._gateways.vaults.get_vault(site.id.up_to("vaults"))
        if not site.internal_id:
            raise _not_as_asked("Azure does not tell the site’s identifier")
        action = key_action(site, way, self._rules, now)
        request = await self._certificates.prepare(way, self._rules.registration_key, now)
        entry = await _JournalEntry.open(self._journal, self._clock, action, request.body)
        try:
            report(Progress("Waiting for Azure’s certificate"))
            certificate = await self._certificates.put(
                action.target.up_to("vaults"), action.target.name, request, client_request_id=entry.client_request_id
            )
            await entry.accepted()
            opened = await self._verified(certificate, request, now)
            report(Progress("Saving the key"))
            credentials = _credentials(site, vault, certificate)
            await self._save(file, credentials)
        except AppError as error:
            await entry.failed(error)
            raise
        await entry.confirmed()
        return self._key(credentials, opened, file.path, made_at=now)

    async def read_file(self, path: Path, site: Fabric | None = None) -> RegistrationKey:
        """What somebody's key file says. With `site`, only a key that can register hosts there now is taken.

        Raises:
            InvalidInput: it cannot be read, is no such file, or is for another site or expired; the text says which.
        """
        try:
            content = await asyncio.to_thread(_beginning, path)
        except OSError as error:
            raise cannot_read(_WHAT, path, error) from error
        try:
            credentials = read_credentials(content)
            if not credentials.site_id:
                raise NotVaultCredentials("The file is a key for a VMM server, not for a Hyper-V site.")
            opened = await self._certificates.open(credentials.certificate)
        except ValueError as error:
            why = str(error) if isinstance(error, NotVaultCredentials) else f"The key cannot be used. {error}"
            raise _refused("NotAKey", f"{path.name}: {why}") from error
        key = self._key(credentials, opened, path)
        if site is not None:
            self._check(key, site)
        return key

    def _check(self, key: RegistrationKey, site: Fabric) -> None:
        vault = site.id.up_to("vaults")
        if not key.is_for(site.internal_id, vault):
            here, there = f"{site.friendly_name} in {vault.vault_name}", f"the site {key.site} in the vault {key.vault}"
            raise _refused("OtherSite", f"The key is for {there}, not for {here}. Make a key for this site.")
        if key.is_expired(self._clock.now()):
            hours = self._rules.registration_key.validity_h
            ended = f"{key.valid_until.day} {key.valid_until:%B %Y at %H:%M} UTC"
            raise _refused(
                "KeyExpired", f"The key expired on {ended}. A key is good for {hours} hours: make a new one."
            )

    async def _verified(
        self, certificate: VaultCertificate, request: CertificateRequest, now: datetime
    ) -> OpenedCertificate:
        """The certificate, opened: it is the one that Azure speaks of, and it is good for what it is to do."""
        try:
            opened = await self._certificates.open(certificate.archive)
        except ValueError as error:
            raise _not_as_asked(f"the certificate that Azure sent cannot be used. {error}") from error
        if not certificate.identity.resource_id.isascii() or not certificate.identity.resource_id.isdigit():
            raise _not_as_asked("Azure does not tell the vault’s number")
        if certificate.thumbprint and certificate.thumbprint != opened.thumbprint:
            raise _not_as_asked("Azure speaks of another certificate than the one that is here")
        if certificate.valid_until is not None and certificate.valid_until != opened.valid_until:
            raise _not_as_asked("the certificate expires at another time than Azure says")
        if not opened.is_for_clients:
            raise _not_as_asked("nobody can sign in with the certificate")
        if opened.valid_until <= now:
            raise _not_as_asked("the certificate has expired already; look at this computer’s clock")
        return opened

    async def _save(self, file: PrivateFile, credentials: VaultCredentials) -> None:
        try:
            content = write_credentials(credentials)
        except ValueError as error:
            raise _not_as_asked(str(error)) from None
        try:
            await asyncio.to_thread(file.finish, content)
            read = await asyncio.to_thread(_beginning, file.path)
        except OSError as error:
            raise cannot_write(_WHAT, file.path, error) from error
        if read != content or read_credentials(read) != credentials:
            raise ServiceFault(
                "KeyNotOnDisk",
                f"{_WHAT} is not on the disk as it was written",
                "Save it in another place. Nothing has to be undone: a certificate that nobody holds opens nothing.",
            )

    def _key(
        self, given: VaultCredentials, opened: OpenedCertificate, path: Path, *, made_at: datetime | None = None
    ) -> RegistrationKey:
        return RegistrationKey(
            site_id=given.site_id,
            site=given.site,
            vault=given.vault,
            subscription=given.subscription,
            resource_group=given.resource_group,
            location=given.location,
            valid_from=opened.valid_from,
            valid_until=self._rules.registration_key.ends(opened.valid_from, opened.valid_until),
            thumbprint=opened.thumbprint,
            path=path,
            made_at=made_at,
        )


class _JournalEntry:
    """What the journal says of one certificate: its name, its body's hash, how it went; nothing of the answer."""

    def __init__(self, journal: Journal, clock: Clock, record: ActionRecord) -> None:
        self._journal = journal
        self._clock = clock
        self._record = record

    @classmethod
    async def open(cls, journal: Journal, clock: Clock, action: Action, body: Mapping[str, Any]) -> _JournalEntry:
        now = clock.now()
        run = RunRecord(uuid.uuid4().hex, action.label, f"registration key {action.target.key}", now, is_closed=True)
        sent = json.dumps(body, sort_keys=True, ensure_ascii=False).encode()
        record = ActionRecord(
            run.id,
            0,
            action.id,
            write_action(action),
            hashlib.sha256(sent).hexdigest(),
            state=ActionState.SENT,
            client_request_id=str(uuid.uuid4()),
            sends=1,
            started=now,
            sent=now,
        )
        await journal.add_run(run, [record])
        return cls(journal, clock, record)

    @property
    def client_request_id(self) -> str:
        return self._record.client_request_id

    async def accepted(self) -> None:
        now = self._clock.now()
        await self._write(state=ActionState.ENDED, accepted=now, ended=now)

    async def confirmed(self) -> None:
        await self._write(state=ActionState.CONFIRMED, settled=self._clock.now())

    async def failed(self, error: AppError) -> None:
        problem = ActionProblem.of(error).to_text()
        await self._write(state=ActionState.FAILED, problem=problem, settled=self._clock.now())

    async def _write(self, **changes: Any) -> None:
        self._record = replace(self._record, **changes)
        await self._journal.write(self._record)


def _credentials(site: Fabric, vault: Vault, certificate: VaultCertificate) -> VaultCredentials:
    identity = certificate.identity
    usual = f"https://RecoveryServiceVault/{vault.location}/{vault.name}/{identity.resource_id}"
    return VaultCredentials(
        subscription=vault.id.subscription,
        resource_group=vault.id.resource_group,
        vault=vault.name,
        resource_id=identity.resource_id,
        location=vault.location,
        certificate=certificate.archive,
        authority=identity.authority,
        tenant=identity.tenant,
        client_id=identity.client_id,
        audience=identity.audience or usual,
        management_endpoint=identity.management_endpoint,
        site_id=site.internal_id,
        site=site.friendly_name,
        private_endpoints=vault.private_endpoints,
    )


def _beginning(path: Path) -> bytes:
    """As much of a file as a key can have, and a byte more for one that is larger."""
    with path.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _not_as_asked(why: str) -> ServiceFault:
    return ServiceFault(
        "KeyNotUsable",
        f"No key was made: {why}",
        "Try again. Nothing has to be undone: a certificate that nobody holds opens nothing and expires by itself.",
    )


def _refused(code: str, text: str) -> InvalidInput:
    return InvalidInput(code, f"{_WHAT} cannot be used", text, problems=(FieldProblem(FIELD, text),))
