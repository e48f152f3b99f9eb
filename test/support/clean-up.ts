import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tasks: (() => unknown)[] = [];

/** Has this done when the test file ends: setup.ts sees to it. A helper's own `afterAll` would count for one file alone. */
export function atEndOfFile(task: () => unknown): void {
  tasks.push(task);
}

export async function cleanUp(): Promise<void> {
  await Promise.all(tasks.splice(0).map((task) => task()));
}

/** An empty folder that is gone when all tests have ended: global-setup.ts sees to it. */
export const makeFolder = (): string => mkdtempSync(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'test-'));
