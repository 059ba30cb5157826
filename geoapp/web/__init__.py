"""The web application: pages for readers, data for the map and for analysts."""
