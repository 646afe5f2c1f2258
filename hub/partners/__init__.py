"""Who is in the hub: users, organisations, who speaks for which, and persons with a public page."""
