"""Statistics that know nothing of promises, measures or members."""
