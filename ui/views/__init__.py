"""The pages of the window, one folder or module per area. Views do not know each other; the desk routes."""
