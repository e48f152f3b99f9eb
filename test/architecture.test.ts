import { describe, expect, test } from 'vitest';
import { type Import, readImports, readSource, sourceFiles } from './support/imports.ts';

const imports = readImports();
const under =
  (...folders: readonly string[]) =>
  (path: string) =>
    folders.some((folder) => path.startsWith(folder));
/** The rooms of the command line, the ground first. What lies flat in cli/ stands above them all. */
const floors: readonly (readonly string[])[] = [
  ['runtime'],
  ['input'],
  ['settings'],
  ['answer'],
  ['output'],
  ['progress'],
  ['trace', 'doctor'],
  ['program'],
  ['commands'],
];
const roomOf = (file: string) => /^cli\/([a-z]+)\//.exec(file)?.[1] ?? '';
const floorOf = (file: string) => {
  const floor = floors.findIndex((rooms) => rooms.includes(roomOf(file)));
  return floor < 0 ? floors.length : floor;
};

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
    says: 'poll/ imports domain/, base/, itself, and a heap: it is given its asks as functions',
    files: under('poll/'),
    allows: ({ target }) => under('base/', 'domain/', 'poll/')(target) || target === 'tinyqueue',
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
    says: 'no room below the command line imports the command line',
    files: (file) => !file.startsWith('cli/'),
    allows: ({ target }) => !target.startsWith('cli/'),
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
    ['ora', under('cli/progress/')],
    ['chalk', (file) => /^cli\/output\/(?:tone|checks|payment-row)\.ts$/.test(file)],
    ['cli-table3', (file) => file === 'cli/output/table.ts'],
    ['wrap-ansi', (file) => file === 'cli/output/fold.ts'],
    ['commander', under('cli/')],
    ['jsonc-parser', under('cli/settings/')],
    ['leven', under('cli/input/')],
    ['tinyqueue', (file) => file === 'poll/request-queue.ts'],
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

  test('inside the command line imports fall from room to room, types included', () => {
    const rising = imports.filter(({ file, target }) => {
      if (!file.startsWith('cli/') || !target.startsWith('cli/') || roomOf(file) === roomOf(target)) return false;
      return floorOf(file) <= floorOf(target);
    });
    expect(rising).toEqual([]);
    expect(sourceFiles.filter((file) => /^cli\/[^/]+$/.test(file)).length).toBeLessThanOrEqual(5);
    expect([...new Set(sourceFiles.filter((file) => file.startsWith('cli/')).map(roomOf))].sort()).toEqual(
      ['', ...floors.flat()].sort(),
    );
  });

  test('stdout and stderr are written in output/, progress/ and runtime/ alone', () => {
    const writing = sourceFiles.filter(
      (file) =>
        file !== 'remote/tunnel.ts' && /\b(?:stdout|stderr)\b[)\]?!]*\.write\b|\bconsole\./.test(readSource(file)),
    );
    expect(writing.length).toBeGreaterThan(3);
    expect(writing.filter((file) => !under('cli/output/', 'cli/progress/', 'cli/runtime/')(file))).toEqual([]);
  });

  test('the command line reaches the simulator from its own commands, and its constants alone from elsewhere', () => {
    const allowed = ['cli/commands/demo.ts', 'cli/commands/simulate.ts'];
    const constants = ['sim/settings.ts', 'sim/scenarios.ts'];
    const others = imports.filter(
      ({ file, target }) => file.startsWith('cli/') && target.startsWith('sim/') && !allowed.includes(file),
    );
    expect(others.filter(({ target }) => !constants.includes(target))).toEqual([]);
  });

  test('nothing is imported in a circle, types included', () => {
    const edges = imports.filter(({ target }) => target.endsWith('.ts'));
    // What imports only what is gone goes, too; what is left in the end stands in a circle, or above one.
    let left = new Set(sourceFiles);
    for (let before = 0; before !== left.size; ) {
      before = left.size;
      const held = new Set(edges.filter(({ target }) => left.has(target)).map(({ file }) => file));
      left = new Set([...left].filter((file) => held.has(file)));
    }
    expect([...left]).toEqual([]);
  });
});
