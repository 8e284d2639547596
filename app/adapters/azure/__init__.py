"""Azure through Microsoft's own SDKs, over the network or over the practice vault."""
