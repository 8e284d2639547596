"""Benchmarks: ratios in one run beside their budgets. Never timed tests: a figure over its budget fails nothing."""
