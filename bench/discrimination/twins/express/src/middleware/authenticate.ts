import type { NextFunction, Request, Response } from "express";
import jwt from "jsonwebtoken";
import { config } from "../config.js";

/** Refuses every request without a valid token; who calls stands in `res.locals.client`. */
export function authenticate(req: Request, res: Response, next: NextFunction): void {
  const [scheme, token] = (req.headers.authorization ?? "").split(" ");
  if (scheme !== "Bearer" || !token) {
    res.status(401).json({ error: "a bearer token is needed" });
    return;
  }
  try {
    const claims = jwt.verify(token, config.JWT_SECRET, { algorithms: ["HS256"], audience: "invoices" });
    res.locals.client = typeof claims === "string" ? claims : claims.sub;
  } catch {
    res.status(401).json({ error: "the token is not valid" });
    return;
  }
  next();
}
