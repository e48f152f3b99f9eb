import { publishedSchemas } from '../answer/schema.ts';
import type { Session } from '../session.ts';
import { renderManPage } from './man-page.ts';
import { buildProgram } from './program.ts';

/** What the build writes into dist/ beside the code, by path. */
export async function shippedFiles(version: string): Promise<ReadonlyMap<string, string>> {
  // No command runs, so nothing of the session is used.
  const program = await buildProgram({ host: null } as unknown as Session, version);
  const schemas = publishedSchemas.map(({ name, schema }): [string, string] => {
    return [`schema/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`];
  });
  return new Map([...schemas, ['man/instamed-poll.1', renderManPage(program, version)]]);
}
