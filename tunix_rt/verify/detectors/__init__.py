"""One module per thing in a trace to warn of. To add one, add a file here."""
