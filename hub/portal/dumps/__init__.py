"""All that is public as files for programs, written every night: JSON Lines and CSV, with a manifest and
checksums.

``contents`` says what is in which table, ``writing`` writes them, ``reading`` finds what was written.
What is in the catalogue is told from its records, which are what pages show: so no app above is asked,
and what is not public cannot get in.
"""
