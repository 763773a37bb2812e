import type { NextFunction, Request, Response } from "express";
import { ZodError } from "zod";
import { logger } from "../logger.js";

/** Answers what no route answered. */
export function notFound(_req: Request, res: Response): void {
  res.status(404).json({ error: "not found" });
}

/** Answers every error: what the caller did wrong is told, everything else is logged and not told. */
export function failure(error: unknown, req: Request, res: Response, next: NextFunction): void {
  if (res.headersSent) {
    next(error);
    return;
  }
  if (error instanceof ZodError) {
    res.status(422).json({ error: "invalid", fields: error.issues.map((issue) => issue.path.join(".")) });
    return;
  }
  logger.error({ err: error, requestId: req.id }, "a request failed");
  res.status(500).json({ error: "internal error", requestId: req.id });
}
