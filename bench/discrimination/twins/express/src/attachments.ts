import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import multer from "multer";
import { config } from "./config.js";

const s3 = new S3Client({
  region: config.AWS_REGION,
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 5000 },
});

/** Takes one PDF of at most 5 MB. */
export const upload = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: 5 * 1024 * 1024, files: 1 },
  fileFilter: (_req, file, done) => done(null, file.mimetype === "application/pdf"),
});

/** Stores an attachment under the id of its invoice. */
export async function store(invoiceId: string, content: Buffer): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: config.ATTACHMENTS_BUCKET,
      Key: `attachments/${invoiceId}.pdf`,
      Body: content,
      ContentType: "application/pdf",
    }),
  );
}

/** Returns the attachment of an invoice. */
export async function load(invoiceId: string): Promise<Uint8Array> {
  const found = await s3.send(
    new GetObjectCommand({ Bucket: config.ATTACHMENTS_BUCKET, Key: `attachments/${invoiceId}.pdf` }),
  );
  return (await found.Body?.transformToByteArray()) ?? new Uint8Array();
}
