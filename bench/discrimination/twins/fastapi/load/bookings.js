// Load test: 20 receptions look at the bookings; fails when a threshold is missed.
//
// k6 run --env TARGET=https://... --env LOAD_TOKEN=... load/bookings.js
import http from "k6/http";
import { check, sleep } from "k6";

export const options = {
  stages: [
    { duration: "30s", target: 20 },
    { duration: "2m", target: 20 },
    { duration: "10s", target: 0 },
  ],
  thresholds: {
    http_req_failed: ["rate<0.01"],
    http_req_duration: ["p(95)<300"],
    checks: ["rate>0.99"],
  },
};

export default function () {
  const answer = http.get(`${__ENV.TARGET}/api/v1/bookings?limit=20`, {
    headers: { Authorization: `Bearer ${__ENV.LOAD_TOKEN}` },
  });
  check(answer, { "status is 200": (r) => r.status === 200 });
  sleep(12);
}
