"""A tool any plugin may use: model folders in the Hugging Face layout, read and written.

`shape` (what config.json says, and what we refuse), `weights` (safetensors headers, checked before
a byte is believed), `tokenizer` (tokenizer.json), `chat` (its chat template, run by `chatting` in a
process apart), `jax` (Tunix models), `reading` (small text files). Heavy libraries are imported
inside functions.
"""
