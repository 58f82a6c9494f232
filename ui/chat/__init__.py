"""The chat: questions, answers, and the sources beside them."""
