"""Jobs: the list of what Azure did and does, and the page of one job."""
