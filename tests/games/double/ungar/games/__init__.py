"""The games of the double."""
