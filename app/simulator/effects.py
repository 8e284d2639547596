"""What may fall due, and the functions that let it happen."""

from __future__ import annotations

from collections.abc import Mapping

from app.simulator import replication
from app.simulator.endings import finish_job, first_point, validate
from app.simulator.faults import control
from app.simulator.silence import first_copy
from app.simulator.world import Effect

EFFECTS: Mapping[str, Effect] = {
    "job": finish_job,
    "upload": replication.finish_uploads,
    "first_copy": first_copy,
    "first_point": first_point,
    "validate": validate,
    "fault": control.on_due,
    "fault_end": control.on_end_due,
}
