import { z } from "zod";

const placeholder = /^replace-me/;

/** Every variable the service reads; a missing or weak one stops the start. */
const schema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("production"),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  METRICS_PORT: z.coerce.number().int().min(1).max(65535).default(9464),
  DATABASE_URL: z.string().url(),
  REDIS_URL: z.string().url(),
  JWT_SECRET: z
    .string()
    .min(32)
    .refine((value) => !placeholder.test(value), "is the placeholder of .env.example"),
  JWT_LIFETIME_SECONDS: z.coerce.number().int().min(60).max(3600).default(900),
  ATTACHMENTS_BUCKET: z.string().min(3),
  AWS_REGION: z.string().min(1),
  MAILER_URL: z.string().url(),
  MAILER_TIMEOUT_MS: z.coerce.number().int().min(100).max(10_000).default(3000),
  ALLOWED_ORIGINS: z
    .string()
    .default("")
    .transform((value) => value.split(",").filter((origin) => origin !== "")),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
});

const parsed = schema.safeParse(process.env);
if (!parsed.success) {
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  process.stderr.write(`configuration: ${wrong.join("; ")}\n`);
  process.exit(78);
}

export const config = parsed.data;
