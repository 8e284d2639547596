"""The sheet from which drills and failovers are started, and the parts it is made of."""
