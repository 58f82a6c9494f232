"""Articles -> passages -> vectors, catalogue, search. Knows nothing of models, prompts or pages."""
