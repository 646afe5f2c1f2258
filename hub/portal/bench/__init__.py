"""The benchmark: synthetic works in a database of their own, and the real pages asked for them.

``corpus`` makes the works, ``load`` the database, ``classes`` what is asked, ``drive`` the web server
and its readers, ``floor`` the page that all others are set against, ``report`` the table. ``measure``
puts them together for the command ``bench``.
"""
