"""All routes of the practice vault."""

from app.simulator.handlers import (
    compute,
    failover,
    job_routes,
    monitoring,
    networks,
    plans,
    policies,
    practice,
    protectable_items,
    protected_items,
    settings,
    sites,
    storage,
    subscriptions,
    vault_extras,
    vaults,
)

ALL_ROUTES = (
    *practice.ROUTES,
    *subscriptions.ROUTES,
    *vaults.ROUTES,
    *vault_extras.ROUTES,
    *sites.ROUTES,
    *policies.ROUTES,
    *protectable_items.ROUTES,
    *protected_items.ROUTES,
    *failover.ROUTES,
    *plans.ROUTES,
    *job_routes.ROUTES,
    *monitoring.ROUTES,
    *settings.ROUTES,
    *storage.ROUTES,
    *networks.ROUTES,
    *compute.ROUTES,
)
