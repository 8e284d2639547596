"""The controls of the practice vault."""
