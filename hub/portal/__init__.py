"""The pages that show everything: home, search, topics, places, partners; errors and health."""
