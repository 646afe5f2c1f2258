"""What people are to organisations, and their own page: invitations, roles, their data."""
