import { config } from "./config.js";
import { logger } from "./logger.js";
import { mails } from "./metrics.js";

/** Hands a mail to the mailer; the key makes a repetition harmless. Returns whether the mailer took it. */
export async function send(key: string, to: string, template: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL("/v1/messages", config.MAILER_URL), {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify({ to, template }),
      signal: AbortSignal.timeout(config.MAILER_TIMEOUT_MS),
    });
    if (!answer.ok) {
      throw new Error(`the mailer answers ${answer.status}`);
    }
  } catch (error) {
    mails.inc({ outcome: "failed" });
    logger.warn({ err: error, key }, "the mailer did not take a mail");
    return false;
  }
  mails.inc({ outcome: "sent" });
  return true;
}
