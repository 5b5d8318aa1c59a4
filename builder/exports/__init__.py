"""The data in other forms: what leaves the system as a file that somebody opens elsewhere."""
