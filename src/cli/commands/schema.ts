import { Argument, Command, Option } from 'commander';
import { toDocument } from '../answer/document.ts';
import { publishedSchemas } from '../answer/schema.ts';
import { oneOf } from '../program/options.ts';
import type { Session } from '../session.ts';

export function schemaCommand(session: Session): Command {
  const names = publishedSchemas.map(({ name }) => name);
  return new Command('schema')
    .description('Prints the JSON Schema (2020-12) of an output document; without a name, the list of them.')
    .addArgument(oneOf(new Argument('[document]', 'the command whose document it is, or events'), names))
    .addOption(oneOf(new Option('-o, --output <format>', 'how the list is printed'), ['text', 'json']).default('text'))
    .addOption(new Option('--json', 'the same as -o json; a schema is JSON in any case'))
    .action((document: string | undefined, { output, json }: { output: string; json?: true }) => {
      if (document === undefined && (json || output === 'json')) listAsJson(names, session);
      else session.host.stdout.write(document === undefined ? listAsText() : printSchema(document));
    });
}

const listAsText = () => publishedSchemas.map(({ name, describes }) => `${name}\t${describes}\n`).join('');

function listAsJson(documents: readonly string[], session: Session): void {
  const summary = `There is a schema for each of: ${documents.join(', ')}.`;
  const document = toDocument('schema', { outcome: 'answered', summary }, { documents });
  session.answer({ document, format: { output: 'json', field: null } });
}

function printSchema(document: string): string {
  const found = publishedSchemas.find(({ name }) => name === document);
  return `${JSON.stringify(found?.schema, null, 2)}\n`;
}
