"""Maps drawn on the server: an atlas of plain shapes, and the places that are put on it."""
