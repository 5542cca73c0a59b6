"""One module per way to write a frozen dataset for others. To add one, add a file here."""
