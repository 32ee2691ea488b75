"""Training of the learned parts from annotated letters; needs the extra `train`."""
