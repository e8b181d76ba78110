"""Training of the verifier: rows, the built mixture, the trainer, and export to what ships."""
