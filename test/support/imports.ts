import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Import {
  /** The file, from src/ on: `poll/wait.ts`. */
  readonly file: string;
  /** What it imports: another file from src/ on, a package, or `node:…`. */
  readonly target: string;
  /** Types vanish when the program is built. */
  readonly isType: boolean;
  /** Made by `import()`, when it is reached. */
  readonly isLate: boolean;
}

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** Every TypeScript file under src/. */
export const sourceFiles: readonly string[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .sort();

export const readSource = (file: string): string => readFileSync(src + file, 'utf8');

const statement = /^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'/gm;
const dynamic = /\bimport\(\s*'([^']+)'\s*\)/g;

/** Every import of every source file, the late ones included. */
export function readImports(): readonly Import[] {
  return sourceFiles.flatMap((file) => {
    const text = readSource(file);
    const found = [
      ...[...text.matchAll(statement)].map(([, type, target]) => ({ target, isType: Boolean(type), isLate: false })),
      ...[...text.matchAll(dynamic)].map(([, target]) => ({ target, isType: false, isLate: true })),
    ];
    return found.map(({ target = '', ...rest }) => ({
      file,
      target: target.startsWith('.') ? posix.join(posix.dirname(file), target) : target,
      ...rest,
    }));
  });
}
