"""Follow-up questions, made whole by what was said before."""
