"""Readers of what others publish."""
