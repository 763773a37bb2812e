import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { pinoHttp } from "pino-http";
import { config } from "./config.js";

export const logger = pino({
  level: config.LOG_LEVEL,
  redact: ["req.headers.authorization", "req.headers.cookie"],
});

const wellFormed = /^[A-Za-z0-9-]{8,64}$/;

/** Logs every request with an id, taken from the caller when it is well formed, and gives the id back. */
export const requestLog = pinoHttp({
  logger,
  genReqId: (req, res) => {
    const given = req.headers["x-request-id"];
    const id = typeof given === "string" && wellFormed.test(given) ? given : randomUUID();
    res.setHeader("X-Request-Id", id);
    return id;
  },
  autoLogging: { ignore: (req) => req.url === "/health/live" || req.url === "/health/ready" },
});
