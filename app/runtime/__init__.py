"""Small async tools; standard library only."""
