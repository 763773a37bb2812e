import { prisma } from "../db.js";
import { logger } from "../logger.js";
import { send } from "../mailer.js";

/** Reminds the customers of overdue invoices, at most 200 in one run; the CronJob `invoices-remind` runs it. */
const overdue = await prisma.invoice.findMany({
  where: { dueAt: { lt: new Date() }, paidAt: null, reminders: { none: {} }, customer: { isNot: null } },
  include: { customer: true },
  orderBy: { dueAt: "asc" },
  take: 200,
});

let sent = 0;
for (const invoice of overdue) {
  if (invoice.customer && (await send(`remind-${invoice.id}`, invoice.customer.email, "reminder"))) {
    await prisma.reminder.create({ data: { invoiceId: invoice.id, customerId: invoice.customer.id } });
    sent += 1;
  }
}
logger.info({ overdue: overdue.length, sent }, "reminded");
await prisma.$disconnect();
