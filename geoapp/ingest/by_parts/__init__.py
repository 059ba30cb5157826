"""The same for a file too large for memory: part by part, by two processes, into one transaction."""
