"""Who somebody is: signing in, second factors, and a person's own page."""
