"""Every e-mail that the hub sends."""
