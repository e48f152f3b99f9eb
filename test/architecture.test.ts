import { describe, expect, test } from 'vitest';
import { type Import, readImports, sourceFiles } from './support/imports.ts';

const imports = readImports();
const under =
  (...folders: readonly string[]) =>
  (path: string) =>
    folders.some((folder) => path.startsWith(folder));
const isPackage = (target: string) => !/^[a-z-]+(?:\/[\w./-]+)?\.ts$/.test(target) && !target.startsWith('node:');

interface Rule {
  readonly says: string;
  readonly files: (file: string) => boolean;
  readonly allows: (found: Import) => boolean;
}

const rules: readonly Rule[] = [
  {
    says: 'base/ imports itself alone: no Node module, no package',
    files: under('base/'),
    allows: ({ target }) => under('base/')(target),
  },
  {
    says: 'redact/ imports base/ and itself',
    files: under('redact/'),
    allows: ({ target }) => under('base/', 'redact/')(target),
  },
  {
    says: 'domain/ imports redact/, base/ and itself: no Node module, no package',
    files: under('domain/'),
    allows: ({ target }) => under('base/', 'redact/', 'domain/')(target),
  },
  {
    says: 'poll/ imports domain/, base/ and itself: it is given its asks as functions',
    files: under('poll/'),
    allows: ({ target }) => under('base/', 'domain/', 'poll/')(target),
  },
  {
    says: 'remote/ imports domain/, redact/, base/, itself, Node, and the two wire libraries',
    files: under('remote/'),
    allows: ({ target }) =>
      under('base/', 'redact/', 'domain/', 'remote/', 'node:')(target) ||
      target === 'undici' ||
      target === 'fast-xml-parser',
  },
  {
    says: 'sim/ imports itself and Node: a mistake of the client must not be a mistake of the simulator',
    files: under('sim/'),
    allows: ({ target }) => under('sim/', 'node:')(target),
  },
  {
    says: 'index.ts does not reach the command line or the simulator',
    files: (file) => file === 'index.ts',
    allows: ({ target }) => under('redact/', 'domain/', 'poll/', 'remote/')(target),
  },
];

describe('who may import what', () => {
  test.each(rules)('$says', ({ files, allows }) => {
    expect(sourceFiles.filter(files)).not.toEqual([]);
    expect(imports.filter((found) => files(found.file) && !allows(found))).toEqual([]);
  });

  const owners: readonly (readonly [library: string, files: (file: string) => boolean])[] = [
    ['undici', (file) => /^remote\/(?:connector|transport|send|traced-pool|tunnel|watch-replies)\.ts$/.test(file)],
    ['fast-xml-parser', (file) => file === 'remote/xml.ts'],
    ['ora', (file) => file === 'cli/progress/spinner.ts'],
    ['chalk', (file) => /^cli\/view\/(?:tone|checks|payment-row)\.ts$/.test(file)],
    ['cli-table3', (file) => file === 'cli/output/table.ts'],
    ['wrap-ansi', (file) => file === 'cli/output/fold.ts'],
    ['commander', under('cli/')],
  ];

  test.each(owners)('%s is imported in its place alone', (library, isOwner) => {
    const files = imports.filter(({ target }) => target === library).map(({ file }) => file);
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !isOwner(file))).toEqual([]);
  });

  test('every package that is imported is one of these', () => {
    const packages = new Set(imports.map(({ target }) => target).filter(isPackage));
    expect([...packages].sort()).toEqual(owners.map(([library]) => library).sort());
  });

  test('the command line reaches the simulator from its own commands, and its constants alone from elsewhere', () => {
    const allowed = ['cli/commands/demo.ts', 'cli/commands/simulate.ts'];
    const constants = ['sim/settings.ts', 'sim/scenarios.ts'];
    const others = imports.filter(
      ({ file, target }) => file.startsWith('cli/') && target.startsWith('sim/') && !allowed.includes(file),
    );
    expect(others.filter(({ target }) => !constants.includes(target))).toEqual([]);
  });

  test('no value is imported in a circle', () => {
    const edges = imports.filter(({ isType, target }) => !isType && target.endsWith('.ts'));
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      else for (const { target } of edges.filter((edge) => edge.file === file)) visit(target, [...path, file]);
    };
    for (const file of sourceFiles) visit(file, []);
    expect(circles).toEqual([]);
  });
});
