"""Exact answers: a question understood to its last word, and told from the catalogue, row by row."""
