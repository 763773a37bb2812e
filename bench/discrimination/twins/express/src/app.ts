import cors from "cors";
import express, { type Express } from "express";
import helmet from "helmet";
import { config } from "./config.js";
import { requestLog } from "./logger.js";
import { measure } from "./metrics.js";
import { authenticate } from "./middleware/authenticate.js";
import { failure, notFound } from "./middleware/failure.js";
import { limit } from "./middleware/limit.js";
import { customers } from "./routes/customers.js";
import { health } from "./routes/health.js";
import { invoices } from "./routes/invoices.js";
import { tokens } from "./routes/tokens.js";

export function createApp(): Express {
  const app = express();
  app.disable("x-powered-by");
  // One proxy stands in front: its X-Forwarded-For is believed, what stands before it is not.
  app.set("trust proxy", 1);
  app.use(requestLog);
  app.use(measure);
  app.use("/health", health);
  app.use(helmet());
  app.use(cors({ origin: config.ALLOWED_ORIGINS }));
  app.use(limit);
  app.use(express.json({ limit: "100kb" }));
  app.use("/api/tokens", tokens);
  app.use("/api/invoices", authenticate, invoices);
  app.use("/api/customers", authenticate, customers);
  app.use(notFound);
  app.use(failure);
  return app;
}
