import { prisma } from "../db.js";
import { logger } from "../logger.js";

const DAYS = 24 * 60 * 60 * 1000;

/** Deletes what may not be kept longer: invoices after ten years, reminders after one. Run by `invoices-purge`. */
const [reminders, invoices] = await prisma.$transaction([
  prisma.reminder.deleteMany({ where: { sentAt: { lt: new Date(Date.now() - 365 * DAYS) } } }),
  prisma.invoice.deleteMany({ where: { dueAt: { lt: new Date(Date.now() - 3653 * DAYS) } } }),
]);
logger.info({ reminders: reminders.count, invoices: invoices.count }, "purged");
await prisma.$disconnect();
