"""A file as it comes, by its own headings -> rows of text under ours."""
