import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// One folder for everything that the tests write, known to every worker, and gone when all of them have ended.

export function setup(): void {
  process.env['TEST_FOLDER'] = mkdtempSync(join(tmpdir(), 'instamed-poll-'));
}

export function teardown(): void {
  rmSync(process.env['TEST_FOLDER'] ?? '', { recursive: true, force: true });
}
