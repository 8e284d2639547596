"""Tests, by the room they test."""
