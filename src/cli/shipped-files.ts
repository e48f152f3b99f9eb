import { publishedSchemas } from './answer/schema.ts';
import { buildProgram } from './build-program.ts';
import { guides } from './commands/registry.ts';
import { renderManPage } from './program/man-page.ts';

/** What the build writes into dist/ beside the code, by path. */
export async function shippedFiles(version: string): Promise<ReadonlyMap<string, string>> {
  // Nothing is printed and no command runs.
  const program = await buildProgram(version, {
    screen: { page: () => {}, notice: () => {} },
    columns: () => 0,
    run: async () => {},
  });
  const schemas = publishedSchemas.map(({ name, schema }): [string, string] => {
    return [`schema/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`];
  });
  return new Map([...schemas, ['man/instamed-poll.1', renderManPage(program, guides, version)]]);
}
