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

/**
 * The three forms of a date in HTTP. `Date.parse` takes almost anything, and the third for local time, so the shape comes
 * first:
 *
 * - `Sun, 06 Nov 1994 08:49:37 GMT`
 * - `Sunday, 06-Nov-94 08:49:37 GMT`
 * - `Sun Nov  6 08:49:37 1994`
 */
function parseHttpDate(text: string): number | null {
  const current = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/.exec(text);
  if (current) return utc(current[1], current[2], current[3], current[4]);
  const withDay = /^[A-Z][a-z]{5,8}, (\d{2})-([A-Z][a-z]{2})-(\d{2}) (\d{2}:\d{2}:\d{2}) GMT$/.exec(text);
  // Two digits are a year of this century, or of the last where that is more than fifty years ahead.
  if (withDay) return utc(withDay[1], withDay[2], century(Number(withDay[3])), withDay[4]);
  const ofC = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d{2}:\d{2}:\d{2}) (\d{4})$/.exec(text);
  return ofC ? utc(ofC[2]?.trim().padStart(2, '0'), ofC[1], ofC[4], ofC[3]) : null;
}

function utc(day = '', month = '', year: string | number = '', time = ''): number | null {
  const ms = Date.parse(`${day} ${month} ${year} ${time} GMT`);
  return Number.isNaN(ms) ? null : ms;
}

function century(year: number): number {
  const now = new Date().getUTCFullYear();
  const full = now - (now % 100) + year;
  return full > now + 50 ? full - 100 : full;
}
