import { rateLimit } from "express-rate-limit";
import { RedisStore, type RedisReply } from "rate-limit-redis";
import { redis } from "../redis.js";

/** 300 requests a minute for one address, counted for all replicas together; open while Redis is away. */
export const limit = rateLimit({
  windowMs: 60_000,
  limit: 300,
  standardHeaders: "draft-7",
  legacyHeaders: false,
  passOnStoreError: true,
  store: new RedisStore({
    prefix: "invoices:limit:",
    sendCommand: (command: string, ...args: string[]) => redis.call(command, ...args) as Promise<RedisReply>,
  }),
});
