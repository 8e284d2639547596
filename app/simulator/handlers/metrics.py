"""Metrics of a storage account: how much it holds.

Follows Metrics - List of the Azure Monitor REST reference. Left out: every metric but the capacity that is used, its
course (each hour tells what is there now), aggregations other than Average, filters and dimensions.
"""

from __future__ import annotations

from app.simulator.azure_facts import azure_facts
from app.simulator.handlers.storage import ACCOUNT_TYPE
from app.simulator.messages import Response
from app.simulator.replies import arm_error, json_response, resource_missing
from app.simulator.router import Call, Route
from app.simulator.wire import Json, seconds_of, whole_second_text
from app.simulator.world import World

_ACCOUNT = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{account}"
_METRIC = "UsedCapacity"
_HOUR_S = 3600
_MIB = 1024 * 1024
_POINTS_AT_MOST = 24 * 31


def used_bytes(world: World, account_id: str, name: str) -> int:
    """What the account holds: blobs that were uploaded, and the replicas of machines."""
    blobs = (world.blobs.get(key) for key in world.blobs.keys(f"{name}/"))
    return sum(blob.size for blob in blobs if blob is not None) + world.replica_mib[account_id.lower()] * _MIB


def list_metrics(call: Call) -> Response:
    account = call.world.resources.get(f"{call.group_id()}/providers/{ACCOUNT_TYPE}/{call.params['account']}".lower())
    if account is None or call.now < account.ready_from:
        raise resource_missing(ACCOUNT_TYPE, call.params["account"], call.params["group"])
    wanted = call.query.get("metricnames", _METRIC)
    if wanted.lower() != _METRIC.lower():
        message = (
            "Failed to find metric configuration for provider: Microsoft.Storage, resource Type: storageAccounts, "
            f"metric: {wanted}, Valid metrics: {_METRIC}"
        )
        raise arm_error(400, "BadRequest", message)
    if call.query.get("interval", "PT1H").upper() != "PT1H":
        raise arm_error(400, "BadRequest", "Detected invalid time grain input. The only supported one is PT1H.")
    start, end = _timespan(call)
    held = used_bytes(call.world, account.id, account.body["name"])
    created = seconds_of(account.body["properties"]["creationTime"])
    data = [_point(hour, held, created, call.now) for hour in range(int(start // _HOUR_S) * _HOUR_S, int(end), _HOUR_S)]
    location = azure_facts().location(account.body["location"])
    value = {
        "id": f"{account.id}/providers/Microsoft.Insights/metrics/{_METRIC}",
        "type": "Microsoft.Insights/metrics",
        "name": {"value": _METRIC, "localizedValue": "Used capacity"},
        "displayDescription": "The amount of storage used by the storage account.",
        "unit": "Bytes",
        "timeseries": [{"metadatavalues": [], "data": data}],
        "errorCode": "Success",
    }
    body: Json = {
        "cost": 0,
        "timespan": f"{_zulu(start)}/{_zulu(end)}",
        "interval": "PT1H",
        "value": [value],
        "namespace": ACCOUNT_TYPE,
        "resourceregion": location.name if location else account.body["location"],
    }
    return json_response(200, body)


def _point(hour: int, held: int, created: float, now: float) -> Json:
    """An hour that is not over, or was before the account, has no value."""
    point: Json = {"timeStamp": _zulu(hour)}
    if created < hour + _HOUR_S <= now:
        point["average"] = float(held)
    return point


def _timespan(call: Call) -> tuple[float, float]:
    text = call.query.get("timespan", "")
    if not text:
        return call.now - _HOUR_S, call.now
    start, _, end = text.partition("/")
    try:
        span = seconds_of(start), seconds_of(end)
    except ValueError:
        raise arm_error(400, "BadRequest", f"The timespan '{text}' is not two times with a slash between.") from None
    if not 0 < span[1] - span[0] <= _POINTS_AT_MOST * _HOUR_S:
        raise arm_error(400, "BadRequest", f"The timespan '{text}' is empty or too long.")
    return span


def _zulu(seconds: float) -> str:
    return whole_second_text(seconds)


ROUTES = (Route("GET", f"{_ACCOUNT}/providers/Microsoft.Insights/metrics", list_metrics),)
