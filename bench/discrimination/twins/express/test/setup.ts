import { afterAll, beforeEach } from "vitest";
import { prisma } from "../src/db.js";
import { redis } from "../src/redis.js";

beforeEach(async () => {
  await prisma.reminder.deleteMany();
  await prisma.invoice.deleteMany();
  await prisma.consent.deleteMany();
  await prisma.customer.deleteMany();
  await prisma.apiClient.deleteMany();
});

afterAll(async () => {
  redis.disconnect();
  await prisma.$disconnect();
});
