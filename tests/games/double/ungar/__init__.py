"""A double of the UNGAR engine's interface, for tests of the adapter where it is not installed."""
