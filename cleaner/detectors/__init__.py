"""Detectors that are no rule files: each module has a function `detect(document)` that yields findings."""
