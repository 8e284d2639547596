"""What a page of 500 of 50,000 protected items costs the simulator, and what it keeps of each item.

Processor time is taken in one process without a port: reading the request, finding the items, bringing them up to date,
putting the page together. What copying the same bytes once takes, as any door must to write them, is taken off.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import process_time

from tests.bench.figures import Figure
from tests.bench.processes import in_own_process
from tests.simulator.client import VERSION, Client

ITEMS = 50_000
PAGE = 500
ROUNDS = 5
BUDGET_MS = 1.0
COPIED = 20
PIECE = 230
MINUTE_S = 60.0
_LINK = b'"nextLink":'


def measure() -> list[Figure]:
    found = in_own_process(__name__)
    return [
        Figure(f"page of {PAGE} of {ITEMS:,} items, beyond its bytes", found["same"], "ms", BUDGET_MS),
        Figure("the same a minute later", found["later"], "ms", BUDGET_MS),
        Figure("copying its bytes", found["copying"], "ms"),
        Figure("simulator's memory for each item", found["item"], "kB"),
        Figure("of it kept once it was read, for pages", found["kept"], "kB"),
    ]


def main() -> None:
    empty = resident_kb()
    client = Client("fleet", count=ITEMS)
    built = resident_kb()
    for _ in range(2):  # what is kept of neighbours together is kept from the second time on
        read_all(client)
    read = resident_kb()
    copying = min(copy_pages(client) for _ in range(ROUNDS))
    same = min(read_all(client) for _ in range(ROUNDS))
    later = []
    for _ in range(ROUNDS):
        client.clock.advance(MINUTE_S)
        later.append(read_all(client))
    print(
        json.dumps(
            {
                "same": same - copying,
                "later": min(later) - copying,
                "copying": copying,
                "item": (read - empty) / ITEMS,
                "kept": (read - built) / ITEMS,
            }
        )
    )


def read_all(client: Client) -> float:
    """Milliseconds of processor time for each page of the whole list."""
    started = process_time()
    count = sum(1 for _ in pages_of(client))
    taken = process_time() - started
    if count != ITEMS // PAGE:
        raise RuntimeError(f"{count} pages were read, not {ITEMS // PAGE}")
    return taken / count * 1000


def copy_pages(client: Client) -> float:
    """Milliseconds of processor time to put a page's bytes together from pieces as large as the simulator's.

    The pages are different ones, as a list's are: of one alone the processor would have every byte at hand.
    """
    chunks = [chunk for page in islice(pages_of(client), COPIED) for chunk in page]
    pieces = [[chunk[at : at + PIECE] for at in range(0, len(chunk), PIECE)] for chunk in chunks]
    started = process_time()
    for each in pieces:
        b"".join(each)
    return (process_time() - started) / COPIED * 1000


def pages_of(client: Client) -> Iterator[list[bytes]]:
    """The pages of the list one after the other, each in the chunks it comes in."""
    url: str | None = f"{client.vault}/replicationProtectedItems?api-version={VERSION}"
    while url is not None:
        chunks = list(client.raw("GET", url).body)
        yield chunks
        url = next_link(chunks[-1])


def next_link(end: bytes) -> str | None:
    """Where the list goes on, by the last words of a page."""
    link = end[end.rindex(_LINK) + len(_LINK) : -1]  # reading it costs a client's time, which is not to be counted here
    return link.strip(b'"').decode() if link != b"null" else None


def resident_kb() -> float:
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    return float(fields["VmRSS"].split()[0])


if __name__ == "__main__":
    main()
