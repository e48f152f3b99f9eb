import { scenarios } from '../../sim/scenarios.ts';
import { codesWorstFirst, exitCodes } from '../answer/exit-codes.ts';
import { flagName, type SettingSpec, settingSpecs } from '../settings/settings.ts';

/** Help on what belongs to no single command, made from the tables that the program itself goes by. */
export const helpTopics: Readonly<Record<string, () => string>> = {
  'exit-codes': explainExitCodes,
  environment: explainEnvironment,
  output: explainOutput,
  scenarios: explainScenarios,
};

export const precedence =
  'A flag counts before the environment, the environment before the profile, the profile before the default';

/** Variables that are no settings. */
export const otherVariables = [
  ...['INSTAMED_PROFILE', 'XDG_CONFIG_HOME', 'NO_PROXY', 'NO_COLOR', 'FORCE_COLOR', 'TERM', 'CI'],
] as const;

function explainExitCodes(): string {
  const rows = exitCodes.map(({ code, outcomes, when }) => {
    const text = when.replaceAll(/[`*]/g, '');
    return `${String(code).padStart(5)}  ${text}\n       outcome: ${outcomes.join(', ')}`;
  });
  return `One exit code per ending, the same in every output format:

${rows.join('\n')}

Several tokens: the worst of their codes, in this order:
  ${codesWorstFirst.join(', ')}. An interrupt beats all.
Each token's own code stands in its row; one that was given up decides nothing.
`;
}

function explainEnvironment(): string {
  const rows = (settingSpecs as readonly SettingSpec[]).map((spec) => {
    const flag = spec.flag ? flagName(spec.flag) : 'no flag: a secret';
    return `  ${spec.label}\n      ${spec.env.join(', ')}   (${flag}; default: ${spec.fallback ?? spec.fallbackNote ?? 'none'})`;
  });
  return `${precedence}:\n\n${rows.join('\n')}\n\nAlso read: ${otherVariables.join(', ')}.\nA profile keeps settings in a file: instamed-poll config --help\n`;
}

function explainOutput(): string {
  return `stdout carries the answer and nothing else; stderr carries progress and errors.

  -o text      a table on a terminal; name<TAB>value lines into a pipe
  -o json      one JSON document for every ending, errors included (--json)
  -o ndjson    wait: one event a line as it happens, the last one is the document
  --field P    one value of the JSON document, bare: --field receipt.transactionId

  --progress auto|plain|json|none   how stderr shows the waiting (-q: none)
  --debug                           a trace of settings, requests and decisions on stderr, secrets masked
`;
}

function explainScenarios(): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  const rows = scenarios.map(({ name, does, ends }) => `  ${name.padEnd(width)}  ${does} Ends: ${ends}.`);
  return `What the simulator can play, for demo and simulate:\n\n${rows.join('\n')}\n`;
}
