import { Argument, Command, Option } from 'commander';
import { toDocument } from '../answer/document.ts';
import type { Answer } from '../answer/format.ts';
import { publishedSchemas } from '../answer/schema.ts';
import { oneOf } from './options.ts';
import type { CommandSession, CommandSpec } from './session.ts';

const names = publishedSchemas.map(({ name }) => name);

export function schemaCommand(): CommandSpec {
  const command = new Command('schema')
    .description('Prints the JSON Schema (2020-12) of an output document; without a name, the list of them.')
    .addArgument(oneOf(new Argument('[document]', 'the command whose document it is, or events'), names))
    .addOption(oneOf(new Option('-o, --output <format>', 'how the list is printed'), ['text', 'json']).default('text'))
    .addOption(new Option('--json', 'the same as -o json; a schema is JSON in any case'));
  return { command, run };
}

function run(command: Command, { screen }: CommandSession): Answer | null {
  const [name] = command.args;
  const { output, json } = command.opts<{ output: string; json?: true }>();
  if (name === undefined && (json || output === 'json')) return listAsJson();
  screen.print(name === undefined ? listAsText() : renderSchema(name));
  return null;
}

const listAsText = () => publishedSchemas.map(({ name, describes }) => `${name}\t${describes}\n`).join('');

function listAsJson(): Answer {
  const summary = `There is a schema for each of: ${names.join(', ')}.`;
  const document = toDocument('schema', { outcome: 'answered', summary }, { documents: names });
  return { document, format: { output: 'json', field: null } };
}

function renderSchema(name: string): string {
  const found = publishedSchemas.find((published) => published.name === name);
  return `${JSON.stringify(found?.schema, null, 2)}\n`;
}
