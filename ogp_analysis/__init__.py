"""Open Government Partnership: promises, evidence, reach and the unknown."""
