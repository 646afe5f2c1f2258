"""How gunicorn serves the hub: it reads this file by itself, in `make run` and on a server.

It must stand behind a proxy that buffers requests and limits their size and time: a few clients that
send a form slowly would otherwise keep all threads waiting.
"""

worker_class = "gthread"
workers = 2
threads = 4
graceful_timeout = 8
max_requests = 20_000
max_requests_jitter = 2_000
loglevel = "warning"
control_socket_disable = True
# An address with as many choices as we read fits in; longer ones get 414.
limit_request_line = 8190
# Gunicorn would let any client on the same machine, and so whatever the proxy passes on, say under
# which path the hub lives: links and caches could be poisoned with it.
forwarder_headers = ""
