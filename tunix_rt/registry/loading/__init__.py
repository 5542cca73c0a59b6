"""A tool any plugin may use: model folders in the Hugging Face layout, read and written.

Before a byte of the weights is believed: `config` (config.json, and what we refuse), `shape` (the
numbers it gives), `weights` (safetensors headers), `tokenizer` (tokenizer.json), `opening` (all
of them), `hub` (a folder by its id there), `reading` (small text files), `sides` (which those are).
Models: `jax` (Tunix models), `llama` (Tunix's Llama with the right angles), `naming` (which tensor
is which), `writing` (safetensors and shards), `adapters` (LoRA for PEFT, or merged), `parity`
(logits beside transformers').
Conversations: `chat` (the tokenizer's template, run by `chatting` in a process apart).
Heavy libraries are imported inside functions; `llama` is, too.
"""
