"""Signing in without a window."""
