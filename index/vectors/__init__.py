"""Texts -> vectors, and the store that finds the nearest ones."""
