"""What is promised of the language model's process, each promise with what tries it out."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does, before numpy is imported
