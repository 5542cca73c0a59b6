"""One module per source of tasks. To add a generator, add a file here."""
