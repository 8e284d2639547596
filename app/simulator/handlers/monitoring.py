"""Events, vault health, alert settings, usage.

Left out: vault settings, supported operating systems.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.simulator import jobs
from app.simulator import records as rec
from app.simulator.configuration import configuration_issues, count_lacking
from app.simulator.filters import conditions_in
from app.simulator.hosts import silent_hosts
from app.simulator.lifecycle import CONDITIONS
from app.simulator.messages import Response
from app.simulator.replies import bad_request, json_response, list_response, missing
from app.simulator.router import VAULT, Call, Route
from app.simulator.wire import Json, guid, last_segment, seconds_of, time_text
from app.simulator.world import World

_TYPE = "Microsoft.RecoveryServices/vaults"
_DEFAULT_ALERTS = "defaultAlertSetting"
_HEALTH = f"{VAULT}/replicationVaultHealth"


# Events


def _event_body(event: rec.Event, *, in_list: bool) -> Json:
    """An event; read by itself it is poorer than in the list, as the service's is."""
    errors = []
    if event.error is not None:
        errors.append(
            {
                "errorLevel": None,
                "errorCode": event.error.code,
                "errorMessage": event.error.message,
                "possibleCauses": event.error.causes,
                "recommendedAction": event.error.action,
                "creationTimeUtc": time_text(event.at),
                "recoveryProviderErrorMessage": None,
                "entityId": None,
            }
        )
    return {
        "name": event.name,
        "type": f"{_TYPE}/replicationEvents",
        "id": event.id,
        "properties": {
            "eventCode": event.code,
            "description": event.description if in_list else "{0} - {1}",
            "eventType": event.type if in_list else "AgentHealth",
            "affectedObjectFriendlyName": event.affected,
            "severity": event.severity,
            "timeOfOccurrence": time_text(event.at),
            "fabricId": event.fabric or None,
            "providerSpecificDetails": event.provider_details,
            "eventSpecificDetails": event.details if in_list else None,
            "healthErrors": errors,
        },
    }


def list_events(call: Call) -> Response:
    """The whole list, newest first; never paged."""
    world = call.world
    keep = _event_filter(call)
    keys = world.events.keys(call.vault().lower() + "/")[::-1]

    def entries() -> Iterator[Json]:
        for key in keys:
            event = world.events.get(key)
            if event is not None and keep(event):
                yield _event_body(event, in_list=True)

    return list_response(entries())


def _event_filter(call: Call) -> Callable[[rec.Event], bool]:
    readers: dict[str, Callable[[rec.Event], str]] = {
        "severity": lambda event: event.severity,
        "eventtype": lambda event: event.type,
        "eventcode": lambda event: event.code,
        "fabricname": lambda event: last_segment(event.fabric),
        "affectedobjectfriendlyname": lambda event: event.affected,
        "affectedobjectcorrelationid": lambda event: event.correlation,
    }
    tests: list[tuple[Callable[[rec.Event], str], set[str]]] = []
    since, until = float("-inf"), float("inf")
    for name, values in conditions_in(call, call.query.get("$filter", "")):
        if name in readers:
            tests.append((readers[name], {value.lower() for value in values}))
        elif name in ("starttime", "endtime"):
            try:
                moment = seconds_of(values[0])
            except ValueError:
                raise bad_request(
                    call, "InvalidFilter", f"'{values[0]}' is not a time.", "Write times in ISO 8601."
                ) from None
            since, until = (moment, until) if name == "starttime" else (since, moment)
        else:
            raise bad_request(
                call,
                "InvalidFilter",
                f"Events cannot be filtered by '{name}'.",
                "Filter by Severity, EventType, EventCode, FabricName, AffectedObjectFriendlyName,"
                " AffectedObjectCorrelationId or a time.",
            )
    return lambda event: since <= event.at <= until and all(read(event).lower() in wanted for read, wanted in tests)


def get_event(call: Call) -> Response:
    name = call.params["event"]
    event = call.world.events.get(f"{call.vault()}/replicationevents/{name}".lower())
    if event is None:
        raise missing(call, name)
    return json_response(200, _event_body(event, in_list=False))


# Vault health


def get_health(call: Call) -> Response:
    return json_response(200, health_body(call.world, call.vault()))


def health_body(world: World, vault: str) -> Json:
    """Counted from what is kept about the items, never by reading them."""
    conditions = world.conditions_in(vault)
    total = len(world.items.keys(vault.lower() + "/"))

    def count(*names: str) -> int:
        return sum(len(conditions.get(name, ())) for name in names)

    issues = [
        {
            "summaryCode": condition.code,
            "category": condition.category,
            "severity": "Error" if condition.level == "Critical" else condition.level,
            "summaryMessage": condition.action,
            "affectedResourceType": "ReplicationProtectedItemType",
            "affectedResourceSubtype": None,
            "affectedResourceCorrelationIds": sorted(conditions[name].values()),
        }
        for name, condition in CONDITIONS.items()
        if conditions.get(name)
    ]
    issues += configuration_issues(world, vault)
    lacking = count_lacking(world, vault)
    fabrics = list(world.fabrics.records(vault.lower() + "/"))
    quiet: Json = {"issues": [], "categorizedResourceCounts": None}
    silent = [fabric for fabric in fabrics if silent_hosts(world, fabric)]
    site_issues = [
        {
            "summaryCode": "25018",
            "category": "FabricInfrastructure",
            "severity": "Error",
            "summaryMessage": "Check the connection and the services of the hosts that do not answer.",
            "affectedResourceType": "ReplicationFabricType",
            "affectedResourceSubtype": None,
            "affectedResourceCorrelationIds": [fabric.internal_id for fabric in silent],
        }
    ]
    return {
        "name": "Default",
        "type": f"{_TYPE}/replicationVaultHealth",
        "id": f"{vault}/replicationVaultHealth/Default",
        "properties": {
            "vaultErrors": [],
            "protectedItemsHealth": {
                "resourceCount": total,
                "issues": issues,
                "categorizedResourceCounts": {
                    "testFailoverApplicableProtectedItemsCount": count("testable", "test waiting"),
                    "testFailoverInProgressProtectedItemsCount": 0,
                    "testFailoverWaitingProtectedItemsCount": count("test waiting"),
                    "protectedItemsCriticalCount": count("stuck", "silent", "storage"),
                    "protectedItemsWarningCount": count("churn", "line", "paused", "snapshots"),
                    "protectedItemsNeutralCount": total - count("testable", "test waiting"),
                    "protectedItemsTestFailoverCriticalCount": 0,
                    "protectedItemsTestFailoverWarningCount": count("untested"),
                    "protectedItemsConfigurationCriticalCount": lacking,
                    "protectedItemsConfigurationWarningCount": count("unconnected"),
                    "protectedItemsFailoverHealthCriticalCount": lacking,
                    "protectedItemsFailoverHealthWarningCount": len(
                        {*conditions.get("untested", ()), *conditions.get("unconnected", ())}
                    ),
                },
            },
            "fabricsHealth": {"resourceCount": len(fabrics), **quiet, **({"issues": site_issues} if silent else {})},
            "containersHealth": {"resourceCount": len(fabrics), **quiet},
        },
    }


def refresh_health(call: Call) -> Response:
    vault = call.vault()
    job = jobs.start(
        call.world,
        "RefreshVaultHealth",
        vault=vault,
        subject=vault.lower(),
        target=(str(int(guid(vault.lower()).replace("-", "")[:15], 16)), ""),
        client_request_id=call.client_request_id,
        correlation_id=call.correlation_id,
        at=call.now,
    )
    return jobs.accepted(call, job, f"{vault}/replicationVaultHealth")


# Alert settings


def _alerts_body(vault: str, properties: Json) -> Json:
    return {
        "name": _DEFAULT_ALERTS,
        "type": f"{_TYPE}/replicationAlertSettings",
        "id": f"{vault}/replicationAlertSettings/{_DEFAULT_ALERTS}",
        "properties": properties,
    }


def _alerts(call: Call) -> Json:
    vault = call.vault()
    resource = call.world.resources[vault.lower()]
    kept: Json | None = resource.extra.get("alerts")
    silent: Json = {"sendToOwners": "DoNotSend", "customEmailAddresses": [], "locale": None}
    return _alerts_body(vault, kept or silent)


def list_alerts(call: Call) -> Response:
    return list_response([_alerts(call)])


def _check_alert_name(call: Call) -> None:
    if call.params["alert"].lower() != _DEFAULT_ALERTS.lower():
        raise missing(call, call.params["alert"])


def get_alerts(call: Call) -> Response:
    _check_alert_name(call)
    return json_response(200, _alerts(call))


def put_alerts(call: Call) -> Response:
    _check_alert_name(call)
    given = call.properties()
    resource = call.world.resources[call.vault().lower()]
    resource.extra["alerts"] = {
        "sendToOwners": "Send" if given.get("sendToOwners") == "Send" else "DoNotSend",
        "customEmailAddresses": given.get("customEmailAddresses") or [],
        "locale": given.get("locale"),
    }
    call.world.resources.put(resource.id.lower(), resource)
    return json_response(200, _alerts(call))


ROUTES = (
    Route("GET", f"{VAULT}/replicationEvents", list_events),
    Route("GET", f"{VAULT}/replicationEvents/{{event}}", get_event),
    Route("GET", _HEALTH, get_health),
    Route("POST", f"{_HEALTH}/default/refresh", refresh_health),
    Route("GET", f"{VAULT}/replicationAlertSettings", list_alerts),
    Route("GET", f"{VAULT}/replicationAlertSettings/{{alert}}", get_alerts),
    Route("PUT", f"{VAULT}/replicationAlertSettings/{{alert}}", put_alerts),
)
