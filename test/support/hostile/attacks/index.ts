import type { AttackClass } from '../attack.ts';
import { encodings } from './encodings.ts';
import { ends } from './ends.ts';
import { http } from './http.ts';
import { nvpAttacks } from './nvp.ts';
import { redirects } from './redirects.ts';
import { sizes } from './sizes.ts';
import { statusTexts } from './status-texts.ts';
import { statuses } from './statuses.ts';
import { timing } from './timing.ts';
import { xmlAttacks } from './xml.ts';

/** Everything that the program is put through, and that the README lists. */
export const attackClasses: readonly AttackClass[] = [
  timing,
  ends,
  http,
  statuses,
  redirects,
  encodings,
  xmlAttacks,
  statusTexts,
  nvpAttacks,
  sizes,
];
