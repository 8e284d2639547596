"""Whether an address of a virtual network is free: Virtual Networks - Check IP Address Availability."""

from __future__ import annotations

import msgspec

from app.adapters.azure.kind import Kind
from app.domain.address_answer import AddressAnswer


class AnswerRecord(msgspec.Struct, rename="camel"):
    available: bool = False
    available_ip_addresses: list[str] | None = msgspec.field(default=None, name="availableIPAddresses")
    is_platform_reserved: bool | None = None


def _answer(record: AnswerRecord) -> AddressAnswer:
    return AddressAnswer(
        record.available, bool(record.is_platform_reserved), tuple(record.available_ip_addresses or ())
    )


ADDRESS_ANSWER: Kind[AddressAnswer] = Kind("answer about an address", AnswerRecord, _answer)
