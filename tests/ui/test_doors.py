"""What all connections share is opened once, whoever asks first."""

from __future__ import annotations

import asyncio

from ui.main import BootstrapDoors


async def test_there_is_one_network_and_one_way_to_sign_in() -> None:
    doors = BootstrapDoors()
    networks = await asyncio.gather(doors.network(), doors.network())
    sign_ins = await asyncio.gather(doors.sign_in(), doors.sign_in())
    assert networks[0] is networks[1] is await doors.network()
    assert sign_ins[0] is sign_ins[1] is await doors.sign_in()
    await doors.aclose()
