// Load test: fails when a threshold is missed.
//
// k6 run --env TARGET=https://... --env LOAD_TOKEN=... load/invoices.js
import http from "k6/http";
import { check } from "k6";

export const options = {
  scenarios: {
    shop: {
      executor: "constant-arrival-rate",
      rate: 4,
      timeUnit: "1s",
      duration: "2m",
      preAllocatedVUs: 10,
      maxVUs: 40,
    },
  },
  thresholds: {
    http_req_failed: ["rate<0.01"],
    http_req_duration: ["p(95)<500"],
  },
};

export default function () {
  const answer = http.get(`${__ENV.TARGET}/api/invoices?limit=20`, {
    headers: { Authorization: `Bearer ${__ENV.LOAD_TOKEN}` },
  });
  check(answer, { "status is 200": (r) => r.status === 200 });
}
