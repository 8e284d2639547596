"""The profiles of support limits: one for each time whose documents disagree with the others."""

from __future__ import annotations

DEFAULT_PROFILE = "2026-05"
PROFILES = ("seed-2017", DEFAULT_PROFILE, "2026-09")
PROFILE_MONTHS = {"seed-2017": "January 2017", DEFAULT_PROFILE: "May 2026", "2026-09": "September 2026"}
"""Of the support matrix that each follows."""
