"""Puts older traffic into the words that the service uses today, by the table in `rules/since_2017.toml`.

A rewriting goes by what a body shows, never by the date or version that a session claims: those were rewritten by the
owners of some. What is not in the table stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from tests.conformance.arm import dig, is_list, target_of
from tests.conformance.rules import TodayRules, ValueRule, today_rules
from tests.conformance.shapes import Partly
from tests.support.session_files import Exchange

Json = dict[str, Any]


def in_todays_words(exchange: Exchange) -> Exchange:
    """The same exchange as today's service would have had it."""
    rules = today_rules()
    target = target_of(exchange.path)
    version = exchange.query.get("api-version", "")
    is_old_version = target.vault and target.path.lower() != target.vault and version < rules.oldest_version
    query = dict(exchange.query) | ({"api-version": rules.oldest_version} if is_old_version else {})
    headers = dict(exchange.headers)
    async_address = headers.get("azure-asyncoperation", "")
    if exchange.method != "GET" and f"/{rules.async_operation['was']}/" in async_address:
        was, is_now = (f"/{rules.async_operation[key]}/" for key in ("was", "is"))
        headers["azure-asyncoperation"] = async_address.replace(was, is_now)
    request_body = exchange.request_body
    if isinstance(request_body, dict):
        request_body = _rewritten(rules, target.type, request_body)
    status, body = exchange.status, exchange.body
    if target.type == "operationresults" and _is_old_job(body):
        status, body = _result_of_today(rules, exchange)
        headers["azure-asyncoperation"] = _address(exchange, f"{rules.async_operation['is']}/{target.name}")
        if body is None:
            headers.pop("content-type", None)
    elif is_list(body):
        body = body | {"value": [_rewritten_thing(rules, entry) for entry in body["value"]]}
    else:
        body = _rewritten_thing(rules, body)
    for rule in rules.made_in_background:
        is_made = rule.type == target.type and status == rule.status and not target.tail
        if is_made and "azure-asyncoperation" not in headers:
            body = _changed(body, rule.state_at, lambda part, rule=rule: part | {rule.state_key: rule.state})
            headers["azure-asyncoperation"] = _address(exchange, f"{rule.follow}/{rule.follow_name}")
            headers.setdefault("retry-after", "30")
    return replace(exchange, query=query, headers=headers, request_body=request_body, status=status, body=body)


def is_of_2017(exchanges: Iterable[Exchange]) -> bool:
    """Whether anything in a session shows that it was recorded in 2017."""
    rules = today_rules()
    for exchange in exchanges:
        target = target_of(exchange.path)
        version = exchange.query.get("api-version", "9")
        is_old_version = target.vault and target.path.lower() != target.vault and version <= rules.last_old_version
        polls_the_job = f"/{rules.async_operation['was']}/" in exchange.headers.get("azure-asyncoperation", "")
        if is_old_version or (exchange.method != "GET" and polls_the_job) or _is_old_job(exchange.body):
            return True
    return False


def _address(exchange: Exchange, below_vault: str) -> str:
    vault = "/".join(exchange.path.split("/")[:9])
    return f"https://{exchange.host}{vault}/{below_vault}?api-version={exchange.query.get('api-version', '')}"


def _is_old_job(body: Any) -> bool:
    return isinstance(body, dict) and "status" in body and "/replicationjobs/" in str(body.get("id")).lower()


def _result_of_today(rules: TodayRules, exchange: Exchange) -> tuple[int, Any]:
    """Of what an operation brought, an old answer tells only which thing it was about, and whether that is gone."""
    if dig(exchange.body, "properties.scenarioName") in rules.results.gone_after:
        return rules.results.status_when_gone, None
    thing = exchange.path.rsplit("/", 2)[0]
    return exchange.status, Partly(id=thing, name=target_of(thing).name)


def _rewritten_thing(rules: TodayRules, body: Any) -> Any:
    if not (isinstance(body, dict) and isinstance(body.get("id"), str)):
        return body
    return _rewritten(rules, target_of(body["id"]).type, body)


def _rewritten(rules: TodayRules, kind: str, body: Json) -> Json:
    for rename in rules.rename:
        if rename.type == kind:
            body = _changed(
                body, rename.at, lambda part, keys=rename.keys: {keys.get(k, k): v for k, v in part.items()}
            )
    for value in rules.value:
        if value.type == kind:
            body = _changed(body, value.at, lambda part, rule=value: _revalued(part, rule))
    for join in rules.join:
        if join.type == kind:
            body = _changed(body, join.at, lambda part, rule=join: _joined(part, rule.keys, rule.into))
    for move in rules.move:
        for at in move.at if move.type == kind else []:
            body = _changed(body, at, lambda part, rule=move: _moved(part, rule.keys, rule.into, rule.always))
    for drop in rules.drop:
        if drop.type == kind and "properties" in body:
            body = _changed(
                body, drop.at, lambda part, keys=drop.keys: {k: v for k, v in part.items() if k not in keys}
            )
    for lower in rules.lower_first:
        if lower.type == kind:
            body = _changed(body, lower.at, lambda part: {key[:1].lower() + key[1:]: v for key, v in part.items()})
    return body


def _revalued(part: Json, rule: ValueRule) -> Json:
    return part | {rule.key: rule.is_now} if part.get(rule.key) == rule.was else part


def _joined(part: Json, keys: list[str], into: str) -> Json:
    if not any(key in part for key in keys):
        return part
    kept = {key: value for key, value in part.items() if key not in keys}
    return kept | {into: [entry for key in keys for entry in part.get(key) or []]}


def _moved(part: Json, keys: dict[str, str], into: str, always: Json) -> Json:
    if into in part or not any(key in part for key in keys):
        return part
    kept = {key: value for key, value in part.items() if key not in keys}
    return kept | {into: [{today: part[then] for then, today in keys.items() if then in part} | always]}


def _changed(body: Any, at: str, change: Any) -> Any:
    """The body with `change` made to every object at the place."""
    if not at:
        return change(body) if isinstance(body, dict) else body
    step, _, rest = at.partition(".")
    key = step.removesuffix("[]")
    if not isinstance(body, dict) or key not in body:
        return body
    inner = body[key]
    if step.endswith("[]"):
        changed = [_changed(entry, rest, change) for entry in inner] if isinstance(inner, list) else inner
    else:
        changed = _changed(inner, rest, change)
    return body | {key: changed}


def added_later(kind: str, body: Any) -> Iterator[tuple[str, int]]:
    """The places in a thing's body, `$`-paths, of keys that came after the body was written, and when they came.

    Keys that came at once are told together: a body that shows one of them was written later.
    """
    for rule in today_rules().added:
        if rule.type != kind:
            continue
        parts = list(_objects_at(body, rule.at))
        if parts and not any(key in part for part in parts for key in rule.keys):
            prefix = "$." + rule.at + "." if rule.at else "$."
            for key in rule.keys:
                yield prefix + key, rule.since


def is_blank_of_then(kind: str, body: Any, recorded: str) -> bool:
    """Whether a recorded form is a blank that today's service writes as null."""
    rules = today_rules().blanks
    is_older = any(since >= rules.until for _, since in added_later(kind, body))
    return is_older and recorded in rules.forms


def _objects_at(body: Any, at: str) -> Iterator[Json]:
    if not at:
        if isinstance(body, dict):
            yield body
        return
    step, _, rest = at.partition(".")
    inner = dig(body, step.removesuffix("[]")) if isinstance(body, dict) else None
    for entry in inner if isinstance(inner, list) else [inner]:
        yield from _objects_at(entry, rest)
