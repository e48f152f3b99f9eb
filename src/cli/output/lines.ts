import { visible } from '../../redact/visible.ts';
import type { CheckResult } from '../answer/check-result.ts';
import type { ShownSetting } from '../answer/document.ts';
import { isField, nameOf } from '../answer/paths.ts';

/** `name<TAB>value` lines for scripts: the names are the paths that `--field` takes. Null is an empty value. */
export function renderLines(document: object): string {
  return [...flatten(document, '')].map(([name, value]) => `${visible(name)}\t${visible(value)}\n`).join('');
}

/** `name<TAB>value<TAB>source` lines, one for each setting. */
export function renderSettingLines(settings: Readonly<Record<string, ShownSetting>>): string {
  const rows = Object.entries(settings).map(([key, setting]) => [key, setting.value ?? '', sayOrigin(setting)]);
  return rows.map((row) => `${row.map(visible).join('\t')}\n`).join('');
}

/** `name<TAB>state<TAB>detail<TAB>remedy`: one line for a check, whatever it found. The name is a path of `--field`. */
export function renderCheckLine({ id, state, detail, remedy }: CheckResult): string {
  return `${[`checks.${id}.state`, state, detail, remedy ?? ''].map(visible).join('\t')}\n`;
}

/** Where a setting comes from: `environment INSTAMED_ALIAS`, `profile clinic`, `default`. */
export function sayOrigin({ layer, source }: ShownSetting): string {
  if (layer === 'unset') return source === '' ? 'not set' : `default: ${source}`;
  return source === '' ? layer : `${layer} ${source}`;
}

function* flatten(value: unknown, path: string): Generator<[name: string, value: string]> {
  if (isField(value)) {
    yield [path, value.decoded ?? value.value];
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      const name = nameOf(member) ?? key;
      yield* flatten(member, path ? `${path}.${name}` : name);
    }
  } else {
    yield [path, value === null ? '' : String(value)];
  }
}
