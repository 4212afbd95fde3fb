"""Renderers: from what came of a document to the bytes or text that a person or a program reads."""
