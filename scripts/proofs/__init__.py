"""What the package promises to survive, proved at many points; one module a proof, run by `scripts/prove.py`."""
