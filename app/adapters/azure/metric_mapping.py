"""A metric's course: wire to its last value."""

from __future__ import annotations

import msgspec

from app.adapters.azure.kind import Kind
from app.adapters.azure.wire_values import Number, Text, text, whole


class PointRecord(msgspec.Struct, rename="camel", gc=False):
    time_stamp: Text = None
    average: Number = None


class SeriesRecord(msgspec.Struct, gc=False):
    data: list[PointRecord] | None = None


class MetricRecord(msgspec.Struct, gc=False):
    timeseries: list[SeriesRecord] | None = None


class MetricsRecord(msgspec.Struct, gc=False):
    value: list[MetricRecord] | None = None


def _last_value(record: MetricsRecord) -> int | None:
    """Hours that Azure has not counted yet come without a value."""
    points = [
        point
        for metric in record.value or ()
        for series in metric.timeseries or ()
        for point in series.data or ()
        if whole(point.average) is not None
    ]
    last = max(points, key=lambda point: text(point.time_stamp), default=None)
    return None if last is None else whole(last.average)


METRIC_VALUE: Kind[int | None] = Kind("metric", MetricsRecord, _last_value)
