"""Address ranges as somebody types them: reading, and the sentence that says what is wrong and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network

from app.domain.rules import Rules

EXAMPLE = "Write it such as 10.60.0.0/16."
_NO_RANGE = f"This is not an IPv4 range. {EXAMPLE}"
_LONGEST_SHOWN = 40
"""What is typed is repeated up to here; of more nobody sees where it ends."""


@lru_cache(8192)
def read_range(text: str) -> IPv4Network | None:
    """The IPv4 range written in `text`, or None when it is none or has bits set to the right of its prefix."""
    address, slash, prefix = text.partition("/")
    if not slash or not prefix.isdecimal() or not prefix.isascii() or len(prefix) > 2:
        return None
    try:
        return IPv4Network((address, int(prefix)))
    except ValueError:
        return None


def read_ranges(text: str) -> tuple[IPv4Network, ...]:
    """Those of a list with commas between that can be read."""
    return tuple(found for found in map(read_range, split_ranges(text)) if found is not None)


def split_ranges(text: str) -> tuple[str, ...]:
    """The parts of a list with commas between, without the spaces around them."""
    return tuple(part.strip() for part in text.split(","))


def check_range(text: str, rules: Rules) -> str | None:
    """The sentence to show at a field for an address range; None when it is fine."""
    if not text.strip():
        return f"Type an address range. {EXAMPLE}"
    if text != text.strip():
        return "Remove the space before or after the range."
    found = read_range(text)
    if found is None:
        return _what_is_wrong(text, rules)
    limits = rules.network
    if not limits.shortest_prefix <= found.prefixlen <= limits.longest_prefix:
        return _prefix_wanted(str(found.prefixlen), rules)
    for refused, use in limits.refused_ranges.ranges.items():
        kept = IPv4Network(refused)
        if found.subnet_of(kept):
            return f"Azure takes no such range: it holds {use}. Take a private one, such as 10.60.0.0/16."
        if kept.subnet_of(found):
            return f"{kept} inside this range is for {use}. Take a private range, such as 10.60.0.0/16."
    return None


def check_ranges(text: str, rules: Rules) -> str | None:
    """The same for a network's address space: one range, or several with commas between."""
    parts = split_ranges(text)
    if len(parts) == 1:
        return check_range(text, rules)
    seen: list[IPv4Network] = []
    for part in parts:
        if not part:
            return "Between two commas, or at the end, a range is missing."
        problem = check_range(part, rules)
        if problem:
            return f"{shortened(part)}: {problem}"
        found = IPv4Network(part)
        other = next((each for each in seen if each.overlaps(found)), None)
        if other is not None:
            return f"{found} and {other} overlap. Leave out the smaller one."
        seen.append(found)
    return None


def public_warning(text: str, rules: Rules) -> str | None:
    """What to know of a fine range that is not private."""
    private = [IPv4Network(each) for each in rules.network.private_ranges.ranges]
    public = next((each for each in read_ranges(text) if not any(each.subnet_of(range_) for range_ in private)), None)
    if public is None:
        return None
    return (
        f"{public} is not a private range: whatever has these addresses in the Internet can’t be reached from the "
        "network. A private one, such as 10.60.0.0/16, hides nobody."
    )


def check_subnet(prefix: str, address_space: Iterable[str], siblings: Iterable[str], rules: Rules) -> str | None:
    """The same for a subnet, which must lie in its network's ranges and overlap none of its siblings."""
    problem = check_range(prefix, rules)
    if problem:
        return problem
    subnet = IPv4Network(prefix)
    ranges = [found for found in map(read_range, address_space) if found is not None]
    if ranges and not any(subnet.subnet_of(each) for each in ranges):
        return f"{prefix} lies outside the network, which has {', '.join(map(str, ranges))}."
    for sibling in siblings:
        other = read_range(sibling)
        if other is not None and subnet.overlaps(other):
            return f"{prefix} overlaps the subnet {other}."
    return None


def check_address(text: str, example: str) -> str | None:
    """The sentence to show at a field for one IPv4 address; None when it is one. Never asked for an empty field."""
    if text != text.strip():
        return "Remove the space before or after the address."
    if ":" in text:
        return f"This is an IPv6 address. Type an IPv4 address such as {example}."
    if "/" in text:
        return f"This is a range. Type one address such as {example}."
    try:
        IPv4Address(text)
    except ValueError:
        return _wrong_number(text) or f"This is not an IPv4 address. Write it such as {example}."
    return None


def shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _prefix_wanted(prefix: str, rules: Rules) -> str:
    limits = rules.network
    return f"Use a prefix from /{limits.shortest_prefix} to /{limits.longest_prefix}; this is /{prefix}."


def _what_is_wrong(text: str, rules: Rules) -> str:
    address, slash, prefix = text.partition("/")
    if ":" in text:
        return "This is IPv6. Machines get IPv4 addresses after a failover; write a range such as 10.60.0.0/16."
    if re.search(r"\s", text):
        return "Remove the space within the range."
    if not slash:
        return _wrong_number(address) or f"The prefix is missing. {EXAMPLE}"
    wrong = _wrong_number(address)
    if wrong:
        return wrong
    if not (prefix.isdecimal() and prefix.isascii() and len(prefix) <= 2):
        return _for_mask(address, prefix) or _NO_RANGE
    if int(prefix) > 32:
        return _prefix_wanted(prefix, rules)
    try:
        whole = IPv4Network((address, int(prefix)), strict=False)
    except ValueError:
        return _NO_RANGE
    return f"Bits right of the prefix are set. Did you mean {whole}?"


def _for_mask(address: str, mask: str) -> str | None:
    try:
        whole = IPv4Network(f"{address}/{mask}", strict=False)
    except ValueError:
        return None
    return f"Write the length of the prefix instead of a mask: {whole}." if "." in mask else None


def _wrong_number(address: str) -> str | None:
    """What is wrong with one of the four numbers, where there are four."""
    numbers = address.split(".")
    if len(numbers) != 4 or not all(re.fullmatch(r"[0-9]{1,9}", number) for number in numbers):
        return None
    for number in numbers:
        if int(number) > 255:
            return f"{number} is too large: each of the four numbers is 0 to 255."
        if len(number) > 1 and number.startswith("0"):
            return f"Leave out the zero before {number.lstrip('0') or '0'}."
    return None
