"""Cleaning archives: inputs cut into shards, each done whole or not at all, on this machine or on many."""
