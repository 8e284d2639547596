"""The page of the connection check, with the network settings beside it."""
