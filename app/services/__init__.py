"""Use cases; async; ports come in through the constructor."""
