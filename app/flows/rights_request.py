"""What to ask an owner for, so that what is missing is there: the fewest and smallest roles, and the commands for them.

Where an owner would rather do something once (make a resource group, register a provider) than give the wide role for
it, that is asked for. What a deny assignment withholds or a lock stops, no role helps; it is not part of a request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.arm_id import RECOVERY_SERVICES, ArmId, resource_group_id
from app.domain.rights import Caller, Finding, Gap, Instead, Place, RightsSubject, Role, is_within
from app.domain.rights_judging import smallest_roles
from app.flows.shell_words import bash_word, powershell_word

SOMEBODY = "YOUR-SIGN-IN-NAME"
"""Stands in the commands where the token does not tell who is signed in."""

_KINDS = {
    "vaults": "the vault",
    "storageaccounts": "the storage account",
    "virtualnetworks": "the network",
    "resourcegroups": "the resource group",
    "subscriptions": "the subscription",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that an owner would do: give `roles` at `scope`, or with `instead` that, once.

    Attributes:
        purposes: titles of what it is for.
        actions: what is missing there now.
    """

    scope: ArmId
    purposes: tuple[str, ...]
    actions: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    instead: Instead = Instead.NOTHING
    location: str = ""

    @property
    def title(self) -> str:
        """What is asked for, in a few words."""
        if self.instead is Instead.REGISTER_PROVIDER:
            return f"Register {RECOVERY_SERVICES} in {scope_words(self.scope)}"
        if self.instead is not Instead.NOTHING:
            return f"Create {scope_words(self.scope)}"
        roles = listed([role.name for role in self.roles]) or "A role of your own"
        return f"{roles} on {scope_words(self.scope)}"


@dataclass(frozen=True, slots=True)
class RightsRequest:
    """Ready to be sent."""

    asks: tuple[Ask, ...]
    text: str
    az: str
    powershell: str


def rights_request(
    findings: Iterable[Finding], roles: tuple[Role, ...], subject: RightsSubject, caller: Caller
) -> RightsRequest | None:
    """For everything that roles can mend in `findings`; None when there is no such thing."""
    found = tuple(findings)
    asks = asks_for(found, roles, subject)
    if not asks:
        return None
    az = "\n".join(line for ask in asks for line in _az(ask, caller))
    powershell = "\n".join(_powershell(asks, caller))
    purposes = [
        finding.purpose.title for finding in found if any(finding.purpose.title in ask.purposes for ask in asks)
    ]
    return RightsRequest(asks, _text(purposes, asks, caller, az, powershell), az, powershell)


def asks_for(findings: Iterable[Finding], roles: tuple[Role, ...], subject: RightsSubject) -> tuple[Ask, ...]:
    """In the order in which an owner would do them; what a role on a group allows is not asked for again below it."""
    once: dict[tuple[Instead, ArmId], dict[str, None]] = {}
    missing: dict[ArmId, list[tuple[Gap, str]]] = {}
    for finding in findings:
        title = finding.purpose.title
        for gap in finding.gaps:
            if not gap.missing and not gap.missing_data:
                continue
            if gap.instead is not Instead.NOTHING:
                once.setdefault((gap.instead, _made(gap, subject)), {})[title] = None
                continue
            scope = _assigned_at(gap)
            if scope in subject.absent:
                once.setdefault((Instead.CREATE_TARGET_GROUP, scope), {})[title] = None
            missing.setdefault(scope, []).append((gap, title))
    made = [
        Ask(scope, tuple(titles), instead=kind, location=subject.location) for (kind, scope), titles in once.items()
    ]
    asks: list[Ask] = []
    for scope in sorted(missing, key=lambda scope: scope.key.count("/")):
        above = [role.permission for ask in asks if is_within(scope, ask.scope) for role in ask.roles]
        actions = dict.fromkeys(a for gap, _ in missing[scope] for a in gap.missing)
        data = dict.fromkeys(a for gap, _ in missing[scope] for a in gap.missing_data)
        left = [action for action in actions if not any(held.covers(action) for held in above)]
        data_left = [action for action in data if not any(held.covers(action, is_data=True) for held in above)]
        if left or data_left:
            titles = tuple(dict.fromkeys(title for _, title in missing[scope]))
            wanted = smallest_roles(roles, left, data_left, at=scope)
            asks.append(Ask(scope, titles, (*left, *data_left), wanted))
    return (*_unrepeated(made), *asks)


def _unrepeated(made: list[Ask]) -> list[Ask]:
    """A group is made once, whichever needs it."""
    kept: dict[tuple[bool, ArmId], Ask] = {}
    for ask in made:
        key = ask.instead is Instead.REGISTER_PROVIDER, ask.scope
        known = kept.get(key)
        titles = tuple(dict.fromkeys((*(known.purposes if known else ()), *ask.purposes)))
        kept[key] = Ask(ask.scope, titles, instead=ask.instead, location=ask.location)
    return list(kept.values())


def _assigned_at(gap: Gap) -> ArmId:
    """A role on what is not there yet is given on the group in which it will be."""
    if gap.at == gap.scope or not gap.scope.resource_group:
        return gap.scope
    return resource_group_id(gap.scope.subscription, gap.scope.resource_group)


def _made(gap: Gap, subject: RightsSubject) -> ArmId:
    """The group that an owner would make, or the subscription that would register the provider."""
    places = {Instead.CREATE_VAULT_GROUP: Place.VAULT_GROUP, Instead.CREATE_TARGET_GROUP: Place.TARGET_GROUP}
    place = places.get(gap.instead)
    groups = subject.scopes.get(place, ()) if place else ()
    return groups[0] if groups else gap.scope


# Commands


def _az(ask: Ask, caller: Caller) -> list[str]:
    subscription = f"--subscription {bash_word(ask.scope.subscription)}"
    if ask.instead is Instead.REGISTER_PROVIDER:
        return [f"az provider register --namespace {RECOVERY_SERVICES} {subscription}"]
    if ask.instead is not Instead.NOTHING:
        place = f"--name {bash_word(ask.scope.name)} --location {bash_word(ask.location)}"
        return [f"az group create {place} {subscription}"]
    who = f"--assignee {bash_word(caller.name or caller.object_id or SOMEBODY)}"
    if caller.object_id and "@" in caller.name:  # spares the owner a look-up that they may not be allowed
        who = f"--assignee-object-id {bash_word(caller.object_id)} --assignee-principal-type User"
    scope = bash_word(ask.scope.text)
    return [f"az role assignment create {who} --role {bash_word(role.name)} --scope {scope}" for role in ask.roles]


def _powershell(asks: Iterable[Ask], caller: Caller) -> list[str]:
    lines: list[str] = []
    context = ""
    who = f"-SignInName {powershell_word(caller.name or SOMEBODY)}"
    if caller.object_id:
        who = f"-ObjectId {powershell_word(caller.object_id)}"
    for ask in asks:
        if ask.scope.subscription != context:
            context = ask.scope.subscription
            lines.append(f"Set-AzContext -Subscription {powershell_word(context)}")
        if ask.instead is Instead.REGISTER_PROVIDER:
            lines.append(f"Register-AzResourceProvider -ProviderNamespace {RECOVERY_SERVICES}")
        elif ask.instead is not Instead.NOTHING:
            name, location = powershell_word(ask.scope.name), powershell_word(ask.location)
            lines.append(f"New-AzResourceGroup -Name {name} -Location {location}")
        scope = powershell_word(ask.scope.text)
        lines += (
            f"New-AzRoleAssignment {who} -RoleDefinitionName {powershell_word(role.name)} -Scope {scope}"
            for role in ask.roles
        )
    return lines


# Words


def _text(purposes: list[str], asks: tuple[Ask, ...], caller: Caller, az: str, powershell: str) -> str:
    who = caller.name or SOMEBODY
    if caller.object_id:
        who += f" (object id {caller.object_id})"
    lines = [
        "Azure Site Recovery: rights that are missing",
        "",
        f"For {listed([_inside(purpose) for purpose in purposes])}, {who} needs from an owner:",
        "",
    ]
    for number, ask in enumerate(asks, 1):
        lines += [f"{number}. {ask.title}", f"   {ask.scope.text}"]
        lines += [f"   lacking now: {action}" for action in ask.actions]
        lines.append("")
    lines += ["With the Azure CLI, in bash:", "", az, "", "With PowerShell:", "", powershell, ""]
    lines.append("Each role is the smallest built-in one that suffices. It takes effect within a few minutes.")
    return "\n".join(lines)


def _inside(title: str) -> str:
    """A title as it reads within a sentence: all of them begin with an ordinary word."""
    return title[:1].lower() + title[1:]


def scope_words(scope: ArmId) -> str:
    """`the vault asr-contoso-weu`."""
    parts = scope.text.strip("/").split("/")
    kind = parts[-2].lower() if len(parts) > 1 else ""
    return f"{_KINDS.get(kind, 'the scope')} {scope.name}"


def listed(words: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
