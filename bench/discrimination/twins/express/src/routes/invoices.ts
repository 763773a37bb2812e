import { Router } from "express";
import { z } from "zod";
import { load, store, upload } from "../attachments.js";
import { prisma } from "../db.js";
import { send } from "../mailer.js";
import { issued } from "../metrics.js";

const Id = z.string().uuid();
const NewInvoice = z.object({
  customerId: Id,
  number: z.string().min(1).max(40),
  currency: z.enum(["EUR", "GBP", "USD"]),
  cents: z.number().int().min(1).max(100_000_000),
  dueAt: z.coerce.date(),
});
const Page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: Id.optional(),
});

export const invoices = Router();

invoices.post("/", async (req, res) => {
  const wanted = NewInvoice.parse(req.body);
  const existing = await prisma.invoice.findUnique({ where: { number: wanted.number } });
  if (existing) {
    res.status(409).json({ error: "the number is taken" });
    return;
  }
  const invoice = await prisma.invoice.create({ data: wanted });
  issued.inc({ currency: invoice.currency });
  const customer = await prisma.customer.findUnique({ where: { id: wanted.customerId } });
  if (customer) {
    await send(`issued-${invoice.id}`, customer.email, "issued");
  }
  res.status(201).json(invoice);
});

invoices.get("/", async (req, res) => {
  const { limit, after } = Page.parse(req.query);
  const found = await prisma.invoice.findMany({
    orderBy: { id: "asc" },
    take: limit,
    ...(after ? { cursor: { id: after }, skip: 1 } : {}),
  });
  res.json(found);
});

invoices.get("/:id", async (req, res) => {
  const invoice = await prisma.invoice.findUnique({ where: { id: Id.parse(req.params.id) } });
  if (!invoice) {
    res.status(404).json({ error: "there is no such invoice" });
    return;
  }
  res.json(invoice);
});

invoices.put("/:id/attachment", upload.single("file"), async (req, res) => {
  const id = Id.parse(req.params.id);
  const invoice = await prisma.invoice.findUnique({ where: { id } });
  if (!invoice || !req.file) {
    res.status(404).json({ error: "there is no such invoice, or no PDF was sent" });
    return;
  }
  await store(id, req.file.buffer);
  res.status(204).end();
});

invoices.get("/:id/attachment", async (req, res) => {
  const content = await load(Id.parse(req.params.id));
  res.type("application/pdf").send(Buffer.from(content));
});
