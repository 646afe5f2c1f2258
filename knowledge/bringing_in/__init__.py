"""Works brought in from files: tables, and lists of references.

``formats`` reads a file into entries, ``planning`` says what would come of each, ``applying`` writes
what a person has seen, and ``course`` leads an ``Import`` from one to the next.
"""
