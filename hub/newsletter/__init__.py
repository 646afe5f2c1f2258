"""The newsletter: who gets it and by which consent, and its issues."""
