"""One module per way to write a trace as text to train on. To add one, add a file here."""
