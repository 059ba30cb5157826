"""The boundary-incident map."""
