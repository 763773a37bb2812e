"""Load test: fails when more than 1 % of the requests fail or the 90th percentile exceeds a second.

locust --headless --locustfile load/locustfile.py --host ORIGIN --users 4 --spawn-rate 1 --run-time 2m
"""

import os

from locust import HttpUser, constant_pacing, events, task
from locust.env import Environment


class Participant(HttpUser):
    """Looks at the own answers; four of them stay below the limit of 60 requests a minute."""

    wait_time = constant_pacing(5)

    @task
    def look(self) -> None:
        self.client.get(f"/api/participants/{os.environ['LOAD_TOKEN']}", name="participant", timeout=10)


@events.quitting.add_listener
def judge(environment: Environment, **_: object) -> None:
    total = environment.stats.total
    if total.num_requests == 0 or total.fail_ratio > 0.01 or total.get_response_time_percentile(0.9) > 1000:
        environment.process_exit_code = 1
