"""All routes of the practice vault."""

from app.simulator.handlers import (
    compute,
    failover,
    job_routes,
    networks,
    policies,
    practice,
    protectable_items,
    protected_items,
    sites,
    storage,
    subscriptions,
    vaults,
)

ALL_ROUTES = (
    *practice.ROUTES,
    *subscriptions.ROUTES,
    *vaults.ROUTES,
    *sites.ROUTES,
    *policies.ROUTES,
    *protectable_items.ROUTES,
    *protected_items.ROUTES,
    *failover.ROUTES,
    *job_routes.ROUTES,
    *storage.ROUTES,
    *networks.ROUTES,
    *compute.ROUTES,
)
