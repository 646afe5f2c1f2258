"""The REST API: what is public, as JSON to read.

Each app says in its ``api`` what there is of it, by viewsets in a list ``VIEWSETS``; settings name these
modules as text. How one asks, in which pages answers come, how often one may ask and how faults are
told is the same for all, and is written here.
"""
