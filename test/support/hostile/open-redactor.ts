import { Redactor as ClosedRedactor } from '../../../src/redact/redactor.ts';

export type { Redact } from '../../../src/redact/redactor.ts';
export { redactNumbers } from '../../../src/redact/redactor.ts';

const asItIs = (text: string) => text;

/** A redactor that masks nothing, for a build in which the search for secrets has to find them. */
export class Redactor extends ClosedRedactor {
  override readonly redact = asItIs;
  override readonly shortenToken = asItIs;

  override redactWith(): (text: string) => string {
    return asItIs;
  }
}
