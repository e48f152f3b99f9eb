import { fileURLToPath } from 'node:url';
import { type Env, Spawned } from '../spawn-cli.ts';

const spedUp = fileURLToPath(new URL('sped-up.js', import.meta.url));

/** Starts the program in a process of its own, on a clock on which time runs `speed` times as fast. */
export const startSpedUp = (argv: readonly string[], env: Env, speed: number): Spawned =>
  new Spawned(process.execPath, [spedUp, ...argv], { env: { ...env, TEST_SPEED: String(speed) } });
