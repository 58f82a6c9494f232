"""What is promised of the language model's process, each promise with what tries it out."""
