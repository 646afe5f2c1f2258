"""Topics, sectors, places and audiences: the words by which everything in the hub is found."""
