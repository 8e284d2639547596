"""The page of prerequisites."""
