"""Tables of records: what they list and what they forget."""

from __future__ import annotations

from app.simulator import records as rec
from app.simulator.store import Table


def host(name: str) -> rec.Host:
    return rec.Host(name, [])


def test_keys_are_those_of_now_in_order_of_arrival() -> None:
    table = Table("host", rec.Host)
    table.generate(iter(["a/1", "a/2"]), lambda ordinal: host(str(ordinal)))
    assert list(table.keys("a/")) == ["a/1", "a/2"]

    table.put("b/1", host("b"))
    table.put("a/1", host("changed"))
    table.put("a/3", host("new"))
    assert list(table.keys("a/")) == ["a/1", "a/2", "a/3"]
    table.remove("a/2")
    assert list(table.keys("a/")) == ["a/1", "a/3"]
    table.restore("a/0", b'{"name": "restored", "machines": []}')
    assert list(table.keys()) == ["a/1", "b/1", "a/3", "a/0"]


def test_a_change_ends_what_was_made_of_the_record() -> None:
    table = Table("host", rec.Host)
    for key in ("put", "removed", "left"):
        table.put(key, host(key))
        table.renditions[key] = "made of it"
    version = table.version

    table.put("put", host("again"))
    table.remove("removed")

    assert table.renditions == {"left": "made of it"}
    assert table.version == version + 2
