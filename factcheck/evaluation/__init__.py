"""How good the systems are: labelled pairs, retrieval, graphs, fairness, and honest probabilities."""
