"""Language without models: sentences, tokens, names, numbers and dates."""
