"""Facts and rules of site recovery as plain values; standard library only."""
