"""One module per step, named as the step's id."""
