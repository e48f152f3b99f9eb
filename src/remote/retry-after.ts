/**
 * Milliseconds that a Retry-After header asks for, or null where it is missing or makes no sense. A date counts from the
 * reply's own Date header, so that a clock that is off does no harm.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | null {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,12}$/.test(value)) return Number(value) * 1_000;
  const until = parseHttpDate(value);
  if (until === null) return null;
  const from = parseHttpDate(headers['date'] ?? '') ?? Date.now();
  return Math.max(0, until - from);
}

/** `Date.parse` takes almost anything, so the shape comes first: `Sun, 06 Nov 1994 08:49:37 GMT`. */
function parseHttpDate(text: string): number | null {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
