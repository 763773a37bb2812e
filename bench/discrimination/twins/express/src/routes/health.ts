import { Router } from "express";
import { ping } from "../db.js";
import { logger } from "../logger.js";
import { databaseUp } from "../metrics.js";

export const health = Router();

health.get("/live", (_req, res) => {
  res.json({ status: "alive" });
});

health.get("/ready", async (_req, res) => {
  try {
    await ping();
  } catch (error) {
    logger.warn({ err: error }, "not ready: the database does not answer");
    databaseUp.set(0);
    res.status(503).json({ status: "unready", database: "down" });
    return;
  }
  databaseUp.set(1);
  res.json({ status: "ready", database: "up" });
});
