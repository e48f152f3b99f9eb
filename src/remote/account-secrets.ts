import { basicCredentials } from './credentials.ts';
import type { ReceiptSettings } from './receipt-client.ts';
import type { SsoSettings } from './sso-client.ts';

/** The secrets of an account, in the forms in which they travel. */
export function secretsOf({ securityKey, nvpUser, nvpPassword }: SsoSettings & ReceiptSettings): string[] {
  if (!nvpPassword) return [securityKey.reveal()];
  const password = nvpPassword.reveal();
  return [securityKey.reveal(), password, basicCredentials(nvpUser, password)];
}
