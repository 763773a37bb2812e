import { createHash } from "node:crypto";
import { Router } from "express";
import { z } from "zod";
import { prisma } from "../db.js";

const Id = z.string().uuid();
const NewCustomer = z.object({
  email: z.string().email().max(320),
  name: z.string().min(1).max(200),
  consentTextVersion: z.string().min(1).max(20),
});

const digest = (id: string): string => createHash("sha256").update(id).digest("hex");

export const customers = Router();

customers.post("/", async (req, res) => {
  const { email, name, consentTextVersion } = NewCustomer.parse(req.body);
  const customer = await prisma.customer.create({
    data: { email, name, consents: { create: { purpose: "invoicing", textVersion: consentTextVersion } } },
  });
  await prisma.auditEntry.create({
    data: { actor: res.locals.client, action: "register", subjectDigest: digest(customer.id) },
  });
  res.status(201).json({ id: customer.id });
});

customers.get("/:id/export", async (req, res) => {
  const id = Id.parse(req.params.id);
  const customer = await prisma.customer.findUnique({
    where: { id },
    include: { consents: true, invoices: true, reminders: true },
  });
  if (!customer) {
    res.status(404).json({ error: "there is no such customer" });
    return;
  }
  await prisma.auditEntry.create({ data: { actor: res.locals.client, action: "export", subjectDigest: digest(id) } });
  res.json(customer);
});

/** Invoices must be kept for ten years by law: they stay, without the person. */
customers.delete("/:id", async (req, res) => {
  const id = Id.parse(req.params.id);
  await prisma.$transaction([
    prisma.reminder.deleteMany({ where: { customerId: id } }),
    prisma.consent.deleteMany({ where: { customerId: id } }),
    prisma.invoice.updateMany({ where: { customerId: id }, data: { customerId: null } }),
    prisma.customer.deleteMany({ where: { id } }),
    prisma.auditEntry.create({ data: { actor: res.locals.client, action: "erase", subjectDigest: digest(id) } }),
  ]);
  res.status(204).end();
});
