"""Stages of a pipeline: one module is one stage, found by its file name."""
