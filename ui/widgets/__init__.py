"""The parts from which every page is built. Those that draw take the theme first; none knows what it shows."""
