import { createApp } from "./app.js";
import { config } from "./config.js";
import { prisma } from "./db.js";
import { logger } from "./logger.js";
import { metricsServer } from "./metrics.js";
import { redis } from "./redis.js";

const server = createApp().listen(config.PORT, () => logger.info({ port: config.PORT }, "listening"));
server.requestTimeout = 15_000;
server.headersTimeout = 10_000;
server.keepAliveTimeout = 65_000;
const metrics = metricsServer().listen(config.METRICS_PORT);

/** Finishes what was begun, at most twenty seconds long, and gives every connection back. */
async function stop(signal: string): Promise<void> {
  logger.info({ signal }, "stopping");
  const forced = setTimeout(() => process.exit(1), 20_000);
  forced.unref();
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
  metrics.close();
  redis.disconnect();
  await prisma.$disconnect();
  process.exit(0);
}

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    stop(signal).catch((error: unknown) => {
      logger.error({ err: error }, "stopping failed");
      process.exit(1);
    });
  });
}
