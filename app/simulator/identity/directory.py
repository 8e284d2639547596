"""The tenants of a practice vault and who is in them, and the clock by which their tokens are counted.

Tokens live in real time, not in the vault's: clients count the hours of a token by the computer's own clock. For
practice that clock can be put ahead.
"""

from __future__ import annotations

import time
from copy import deepcopy

from app.simulator import records as rec
from app.simulator.identity.data import ApplicationData, IdentityData, TenantData, UserData, usual_identities
from app.simulator.identity.records import Directory
from app.simulator.identity.refusals import refused
from app.simulator.rights import caller, roles
from app.simulator.router import Call
from app.simulator.wire import guid
from app.simulator.world import World

ANY_TENANT = frozenset({"organizations", "common"})
_KEY = "directory"
_HOME_DOMAIN = "contoso.com"


def open_directory(world: World, data: IdentityData | None) -> Directory:
    """Make the directory of a new world, and give everybody in it the roles that the data names."""
    data = deepcopy(data) if data is not None else usual_identities()
    if data.with_usual:
        _add_usual(data)
    settings = world.settings
    data.tenants.insert(0, TenantData(settings.tenant, "Contoso", _HOME_DOMAIN))
    for user in data.users:
        user.tenant = user.tenant or settings.tenant
        user.id = user.id or (caller(world) if user.is_you else guid(settings.seed, user.tenant, "user", user.name))
        _give_roles(world, user.id, "User", user.roles)
    for application in data.applications:
        application.tenant = application.tenant or settings.tenant
        application.principal = application.principal or guid(settings.seed, "principal", application.id)
        _give_roles(world, application.principal, "ServicePrincipal", application.roles)
    directory = Directory(data, settings.tenant)
    world.directories.put(_KEY, directory)
    return directory


def _add_usual(data: IdentityData) -> None:
    """What the data says of somebody itself goes before what is usual."""
    usual = usual_identities()
    known = {tenant.id for tenant in data.tenants} | {user.name for user in data.users}
    data.tenants += [tenant for tenant in usual.tenants if tenant.id not in known]
    data.users += [user for user in usual.users if user.name not in known]
    data.applications += usual.applications


def tenants_of(world: World, principal: str) -> list[TenantData]:
    """The tenants that somebody is at home in, which comes first, or a guest of."""
    data = directory_of(world).data
    homes = {user.id: [user.tenant, *user.guest_of] for user in data.users}
    homes |= {application.principal: [application.tenant] for application in data.applications}
    mine = homes.get(principal, [world.settings.tenant])
    return sorted((tenant for tenant in data.tenants if tenant.id in mine), key=lambda tenant: mine.index(tenant.id))


def directory_of(world: World) -> Directory:
    """The directory; made as usual for a state that was saved before there was one."""
    return world.directories.get(_KEY) or open_directory(world, None)


def keep(world: World, directory: Directory) -> None:
    world.directories.put(_KEY, directory)


def now(world: World) -> float:
    """Seconds since 1970 by the identity service's clock."""
    return time.time() + directory_of(world).ahead_s


def _give_roles(world: World, principal: str, kind: str, names: list[str]) -> None:
    scope = f"/subscriptions/{world.settings.subscription}"
    for role in roles():
        if role.name not in names:
            continue
        name = guid(world.settings.seed, scope, role.id, principal)
        path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"
        made = rec.RoleAssignment(path, name, scope, role.id, principal, kind, world.now)
        world.role_assignments.put(path.lower(), made)


def tenant_named(call: Call, name: str) -> TenantData | None:
    """The tenant of an address; None for those that stand for all.

    Raises:
        Refusal: there is no such tenant.
    """
    wanted = name.lower()
    if wanted in ANY_TENANT:
        return None
    for tenant in directory_of(call.world).data.tenants:
        if wanted in (tenant.id.lower(), tenant.domain.lower()):
            return tenant
    raise refused(call, 90002, name)


def application_named(call: Call, client: str, tenant: TenantData | None) -> ApplicationData | None:
    """The application that the tenant knows under this client id."""
    for application in directory_of(call.world).data.applications:
        is_known = application.everywhere or tenant is None or application.tenant == tenant.id
        if application.id.lower() == client.lower() and is_known:
            return application
    return None


def user_named(call: Call, name: str, tenant: TenantData | None) -> UserData | None:
    """The user of that sign-in name or object id who is at home in the tenant, or its guest."""
    wanted = name.strip().lower()
    for user in users_of(call, tenant):
        if wanted in (user.name.lower(), user.id):
            return user
    return None


def users_of(call: Call, tenant: TenantData | None) -> list[UserData]:
    everybody = directory_of(call.world).data.users
    return [user for user in everybody if tenant is None or tenant.id in (user.tenant, *user.guest_of)]
