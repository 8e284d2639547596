"""The practice vault: an Azure that is not there.

A request goes in, a response comes out (`service.Simulator.handle`), in the shapes that the real management API and
blob service use. It stands on its own: the standard library, msgspec, and aiohttp in `server`. It shares no rule and no
mapping with the rest of the program, so that a mistake there cannot be cancelled out by the same mistake here.

Nothing ticks. State is what commands left behind; whatever moves with time (jobs, replication progress, recovery
points) is computed from it and the virtual clock when somebody asks.
"""
