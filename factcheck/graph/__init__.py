"""RDF to one generation on disk, and claims to what that generation knows of them."""
