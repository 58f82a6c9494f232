"""Questions that the catalogue does not answer: evidence, draft, check."""
