"""The wizard and the failover sheet without a window: drafts, steps, checks, actions."""
