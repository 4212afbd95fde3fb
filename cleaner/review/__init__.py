"""Reviewing: what a person is asked, what was answered, and the page that asks it."""
