"""The bases of what is held in ten thousands.

Such values are made and compared some ten times faster than dataclasses, and Python's collector, which holds the loop,
passes them by: nothing they hold may lead back to them.
"""

import msgspec


class Bulk(msgspec.Struct, frozen=True, gc=False):
    """A value."""


class BulkEntry(msgspec.Struct, gc=False):
    """An entry of a list, whose parts may become others."""
