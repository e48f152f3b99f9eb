/** A user and a password as the Basic scheme sends them. */
export const basicCredentials = (user: string, password: string) =>
  Buffer.from(`${user}:${password}`, 'utf8').toString('base64');

/** As `decodeURIComponent`, but what is no valid escape stays as it is. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
