"""What writes: batches, taking them back, restoring, redacting, new reference data; each one version."""
