"""One module per way to judge the steps of a trace. To add one, add a file here."""
