"""The readers' pages: map, list, incident, places, crossing points, stories, methodology, changes."""
