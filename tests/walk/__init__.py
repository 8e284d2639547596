"""Long random walks over the practice vault, through Microsoft's client, judged by what is read over the wire."""
