"""What the window says of a region's quota: in a line, and whole with the request for more."""
