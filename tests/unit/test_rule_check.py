"""Files of limits that somebody brings: the program's own satisfy their schemas; bad ones are refused by place."""

from __future__ import annotations

import dataclasses

import pytest

from app.domain.rules import PROFILES
from app.rule_check import MAX_BYTES, BadRuleFileError, check_file, line_of, schema_of
from app.rules import LIMITS, load_rules, own_text


def problems_of(table: str, text: str) -> list[str]:
    with pytest.raises(BadRuleFileError) as refused:
        check_file(table, text.encode())
    return [str(problem) for problem in refused.value.problems]


def changed(table: str, *changes: tuple[str, str]) -> str:
    text = own_text(table)
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


@pytest.mark.parametrize("table", LIMITS)
def test_the_built_in_files_satisfy_their_schemas(table: str) -> None:
    checked = check_file(table, own_text(table).encode())
    assert (checked.table, checked.doubts) == (table, ())


@pytest.mark.parametrize("table", LIMITS)
def test_a_schema_knows_every_rule_and_no_other(table: str) -> None:
    """A rule that is added to a table needs its place in the schema."""
    properties = set(schema_of(table)["$defs"]["table"]["properties"])
    fields = {each.name for each in dataclasses.fields(getattr(load_rules(), table))}
    if "rows" in properties:
        properties = properties - {"columns", "rows"} | {table}
    assert properties == fields


_MACHINES, _POLICY, _NAMES = "machines", "policy", "names"

BAD = [
    (_MACHINES, ("data_disks_max = 16", "data_disk_max = 16"), "Line 5: data_disk_max is not known here."),
    (_MACHINES, ("data_disks_max = 16", 'data_disks_max = "16"'), 'is "16"; it must be a whole number.'),
    (_MACHINES, ("data_disks_max = 16", "data_disks_max = 0"), "data_disks_max is 0; it must be at least 1."),
    (_MACHINES, ("data_disk_max_gib = 32767", "data_disk_max_gib = 35184372088832"), "it must be at most 1,048,576."),
    (_MACHINES, ("data_disk_max_gib = 32767", "data_disk_max_gib = inf"), "is inf; it must be a number."),
    (_MACHINES, ("data_disk_min_gib = 0", "data_disk_min_gib = 40000"), "is 40,000, more than data_disk_max_gib"),
    (_MACHINES, ('as_of = "2026-05-05"', 'as_of = "2026-15-05"'), "is 2026-15-05, which is no date."),
    (_MACHINES, ('as_of = "2026-05-05"', "as_of = 2026-05-05"), "is 2026-05-05 without quotes; put it in quotes."),
    (_MACHINES, ('data_disks_max = "matrix"\n', ""), "data_disks_max has no source; name one in sources"),
    (_MACHINES, ('data_disks_max = "matrix"', 'data_disks_max = "blog"'), "is “blog”, which is none of the documents."),
    (_MACHINES, ('[profiles."seed-2017"]', '[profiles."seed-2018"]'), "has a name that is not known here"),
    (_MACHINES, ('[os_disk_max_gib]\n1 = 2048\n', "[os_disk_max_gib]\n"), "lacks generation 1."),
    (_MACHINES, ("secure_boot = false", "secure_boot = false\nsecure_boot = true"), "This is not TOML"),
    (_POLICY, ("copy_frequencies_s = [30, 300]", "copy_frequencies_s = []"), "is too short, or empty."),
    (_POLICY, ("copy_frequencies_s = [30, 300]", "copy_frequencies_s = [30, 30]"), "says the same thing twice."),
    (_POLICY, ("copy_frequencies_s = [30, 300]", "copy_frequencies_s = [30, nan]"), "_s no. 2 is nan; it must be"),
    (_POLICY, ("retention_max_h = 24", "retention_max_h = -1"), "it must be at least 0."),
    (_POLICY, ("app_consistent_min_h = 1", "app_consistent_min_h = 13"), "more than app_consistent_max_h"),
    (_POLICY, ("app_consistent_min_h = 1", "app_consistent_min_h = 0"), "it must be at least 1."),
    (_NAMES, (r"allowed = 'a-z0-9'", r"allowed = 'a-z]+('"), "is not in the form"),
    (_NAMES, (r"allowed = 'a-z0-9'", r"allowed = 'z-a'"), "is no set of characters"),
    ("storage", ('offered_redundancies = ["GRS", "LRS"]', 'offered_redundancies = ["ZRS"]'), "has ZRS, which"),
    ("network", ("reserved_first = 4", "reserved_first = 7"), "leaves no address in a subnet of /29."),
    ("regions", ('["westus", ', '["westus2", '), "has westus2 twice."),
    ("sizes", ('[1, 2]]', '[3]]'), "rows no. 1 no. 7 no. 1 is 3; it can be 1, 2."),
    ("prices", ("LRS = 0.046", "LRS = -1"), "storage_per_gib.LRS is -1; it must be at least 0."),
    ("prices", ('name = "E2", gib = 8', 'name = "E2", gib = 4'), "is not in order: E2 is no larger than E1."),
    ("network", ('"10.0.0.0/8", "172', '"10.0.0.0", "172'), "private_ranges.ranges no. 1 is"),
    ("vaults", ('needs = "", words', 'needs = "zones", words'), "has none that every region offers"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "change", "problem"), BAD)
def test_a_bad_file_is_refused_by_place_and_reason(table: str, change: tuple[str, str], problem: str) -> None:
    assert any(problem in each for each in problems_of(table, changed(table, change)))


@pytest.mark.parametrize("table", LIMITS)
def test_a_profile_that_the_program_tells_apart_must_not_get_lost(table: str) -> None:
    text = own_text(table)
    head, found, _ = text.partition('[profiles."')
    if found:
        problems = problems_of(table, head)
        assert all("is missing; begin with a copy of the built-in file" in each for each in problems)


def test_what_is_no_text_and_what_is_too_large_is_refused() -> None:
    with pytest.raises(BadRuleFileError, match="Line 2: This is no text in UTF-8"):
        check_file("policy", b"# fine\n\xff\xfe")
    with pytest.raises(BadRuleFileError, match="larger than 1024 KiB"):
        check_file("policy", b"#" * (MAX_BYTES + 1))
    with pytest.raises(BadRuleFileError):
        check_file("policy", b"a = " + b"[" * 100_000)
    with pytest.raises(BadRuleFileError, match="nested too deeply"):
        check_file("policy", b"a" + b".a" * 10_000 + b" = 1")
    with pytest.raises(BadRuleFileError, match="no table error_catalogue"):
        check_file("error_catalogue", b"")


def test_a_file_that_is_empty_lacks_everything_by_name() -> None:
    assert problems_of("limits", "")[0] == "The file lacks vaults_per_subscription."


def test_an_older_source_is_a_doubt_and_no_refusal() -> None:
    text = changed("network", ('as_of = "2026-05-05"', 'as_of = "2024-01-31"'))
    (doubt,) = check_file("network", text.encode()).doubts
    assert doubt == "Its source is of 2024-01-31; the built-in file is newer, of 2026-05-05."


def test_a_place_is_found_in_tables_and_profiles() -> None:
    text = own_text("machines")
    lines = text.splitlines()
    for profile in (each for each in PROFILES if each != "2026-05"):
        line = line_of(text, ("profiles", profile, "os_disk_max_gib", "2"))
        assert lines[line - 1].startswith("2 = ")
    assert lines[line_of(text, ("sources", "os_disk_max_gib.2")) - 1].startswith('"os_disk_max_gib.2"')
    assert line_of(text, ("nonsense",)) == 0
