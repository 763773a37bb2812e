import { PrismaClient } from "@prisma/client";

/** The pool is bounded by `connection_limit` and `pool_timeout` of DATABASE_URL. */
export const prisma = new PrismaClient({
  transactionOptions: { maxWait: 2000, timeout: 5000 },
});

/** Rejects when the database does not answer within two seconds. */
export async function ping(): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the database does not answer in time")), 2000);
  });
  try {
    await Promise.race([prisma.$queryRaw`SELECT 1`, late]);
  } finally {
    clearTimeout(timer);
  }
}
