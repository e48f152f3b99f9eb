import { usageError } from '../domain/errors.ts';
import { simulatorPort, simulatorSettings } from '../sim/settings.ts';
import type { Host } from './host.ts';
import type { SettingKey } from './settings.ts';

export interface Profile {
  readonly name: string;
  readonly values: Readonly<Partial<Record<SettingKey, string>>>;
}

/** The profile in which `instamed-poll simulate` is reached as it starts by default. */
const simulator: Profile = {
  name: 'simulator',
  values: {
    ...simulatorSettings,
    statusUrl: `http://127.0.0.1:${simulatorPort}/providers/Forms/WebServices/SSOService.asmx`,
    receiptUrl: `http://127.0.0.1:${simulatorPort}/payment/NVP.aspx`,
  },
};

/**
 * The named profile; `default` is empty until somebody fills it.
 *
 * @throws InstaMedError `usage`: no profile has this name.
 */
export function loadProfile(name = 'default'): Profile {
  if (name === simulator.name) return simulator;
  if (name === 'default') return { name, values: {} };
  throw usageError(`There is no profile named "${name}".`, 'The profiles are: default, simulator.');
}

/** The names that `--profile` takes. */
export function listProfileNames(_host: Host): string[] {
  return ['default', simulator.name];
}
