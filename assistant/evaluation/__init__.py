"""How good the answers are: asking the questions of files, judging, tables."""
