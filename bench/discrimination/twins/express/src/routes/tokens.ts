import argon2 from "argon2";
import { Router } from "express";
import jwt from "jsonwebtoken";
import { z } from "zod";
import { config } from "../config.js";
import { prisma } from "../db.js";

const Credentials = z.object({ clientId: z.string().uuid(), clientSecret: z.string().min(32).max(200) });

/** Exchanges the credentials of a program for a token that lives a quarter of an hour. */
export const tokens = Router();

tokens.post("/", async (req, res) => {
  const { clientId, clientSecret } = Credentials.parse(req.body);
  const client = await prisma.apiClient.findUnique({ where: { id: clientId } });
  if (!client || !(await argon2.verify(client.secretHash, clientSecret))) {
    res.status(401).json({ error: "unknown client" });
    return;
  }
  const token = jwt.sign({}, config.JWT_SECRET, {
    algorithm: "HS256",
    audience: "invoices",
    subject: client.id,
    expiresIn: config.JWT_LIFETIME_SECONDS,
  });
  res.status(201).json({ token, expiresIn: config.JWT_LIFETIME_SECONDS });
});
