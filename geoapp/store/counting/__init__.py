"""How many records a question means: kept answers, arrays of codes, and SQL for what neither has."""
