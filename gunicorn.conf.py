"""How gunicorn serves the hub: it reads this file by itself, in `make run` and on a server.

It must stand behind a proxy that buffers requests and limits their size and time: a few clients that
send a form slowly would otherwise keep all threads waiting.
"""

import ctypes
import gc

worker_class = "gthread"
workers = 2
threads = 4
graceful_timeout = 8
max_requests = 20_000
max_requests_jitter = 2_000
loglevel = "warning"
# Workers share what the hub is made of, instead of each loading it. Connections to the database are
# opened later, by each worker for itself.
preload_app = True
control_socket_disable = True
# An address with as many choices as we read fits in; longer ones get 414.
limit_request_line = 8190
# Gunicorn would let any client on the same machine, and so whatever the proxy passes on, say under
# which path the hub lives: links and caches could be poisoned with it.
forwarder_headers = ""

# With one arena for all its threads glibc keeps half as much memory that nobody needs; threads of
# Python seldom wait for each other over it. Other systems have no such setting.
M_ARENA_MAX = -8
# Whole pages and their like are given back at once. Left to itself glibc learns from the first of them
# to keep room for more.
M_MMAP_THRESHOLD, LARGE = -3, 128 * 1024
system = ctypes.CDLL(None)
if hasattr(system, "mallopt"):
    system.mallopt(M_ARENA_MAX, 1)
    system.mallopt(M_MMAP_THRESHOLD, LARGE)


def when_ready(server: object) -> None:
    """What is loaded by now stays for good: unseen by the garbage collector, which would otherwise
    touch it in every worker and so make copies of it."""
    gc.collect()
    gc.freeze()
