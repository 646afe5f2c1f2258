"""The whole public site as files that open without a server: for a USB stick, an archive, or the day on
which the programme ends.

``asking`` asks the hub for its pages as a visitor would, ``rewriting`` lets a page lead to the files
beside it, ``site`` goes from page to page and writes them down, ``checking`` looks whether every way
leads somewhere.
"""
