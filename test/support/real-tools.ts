import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { literalEnv } from './spawn-cli.ts';

/**
 * Whether the tests that need this program are left out. One rule for all of them: where it is not installed its tests are
 * skipped, but with REQUIRE_TOOLS=1, which .ci/run sets where CI is set, they run and fail.
 */
export function lacksTool(name: string): boolean {
  if (process.env['REQUIRE_TOOLS'] === '1') return false;
  return !(literalEnv()['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
