"""Rows of text -> incidents, or every fault with its place: what the preview shows and the commit stores."""
