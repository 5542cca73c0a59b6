"""One module per place where a model runs. To add a provider, add a file here."""
