import { createServer, type Server } from "node:http";
import type { NextFunction, Request, Response } from "express";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

export const registry = new Registry();
collectDefaultMetrics({ register: registry });

export const requests = new Counter({
  name: "invoices_http_requests_total",
  help: "Requests answered.",
  labelNames: ["method", "route", "status"],
  registers: [registry],
});

export const duration = new Histogram({
  name: "invoices_http_request_duration_seconds",
  help: "Seconds until the answer.",
  labelNames: ["method", "route"],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [registry],
});

export const issued = new Counter({
  name: "invoices_issued_total",
  help: "Invoices issued.",
  labelNames: ["currency"],
  registers: [registry],
});

export const mails = new Counter({
  name: "invoices_mails_total",
  help: "Mails handed to the mailer, by what became of them.",
  labelNames: ["outcome"],
  registers: [registry],
});

export const databaseUp = new Gauge({
  name: "invoices_database_up",
  help: "1 when the last readiness check reached the database.",
  registers: [registry],
});

/** Measures every request by the route that answered it. */
export function measure(req: Request, res: Response, next: NextFunction): void {
  const started = process.hrtime.bigint();
  res.on("finish", () => {
    const route = req.route ? `${req.baseUrl}${String(req.route.path)}` : "unmatched";
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    requests.inc({ method: req.method, route, status: String(res.statusCode) });
    duration.observe({ method: req.method, route }, seconds);
  });
  next();
}

/** Serves /metrics on a port of its own, which no ingress reaches. */
export function metricsServer(): Server {
  return createServer((req, res) => {
    if (req.url !== "/metrics") {
      res.writeHead(404).end();
      return;
    }
    registry
      .metrics()
      .then((text) => res.writeHead(200, { "Content-Type": registry.contentType }).end(text))
      .catch(() => res.writeHead(500).end());
  });
}
