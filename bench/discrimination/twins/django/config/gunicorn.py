"""How gunicorn serves: one process with threads, so that the metrics are those of one process."""

bind = "0.0.0.0:8080"
workers = 1
worker_class = "gthread"
threads = 8
timeout = 30
graceful_timeout = 25
keepalive = 75
max_requests = 10000
max_requests_jitter = 1000
worker_tmp_dir = "/dev/shm"  # noqa: S108 - gunicorn's own advice for containers
accesslog = None
