"""The knowledge hub: resources, who made them, where to get them, and how they are curated."""
