import { describe, expect, test } from 'vitest';
import { decodeNvp, encodeNvp } from '../../src/domain/nvp.ts';
import { growthOf, mostGrowth } from '../support/growth.ts';

type Pair = readonly [name: string, value: string];

/** As it came, and as it reads. */
const raw = (text: string): Pair[] => decodeNvp(text).pairs.map(({ name, value }) => [name, value]);
const read = (text: string): Pair[] =>
  decodeNvp(text).pairs.map(({ decodedName, decodedValue }) => [decodedName, decodedValue]);

describe('a text is split at each & and each pair at its first =', () => {
  test.each<[sentence: string, text: string, pairs: readonly Pair[]]>([
    [
      'the shortest published reply',
      'responseCode=000&transactionStatus=C',
      [
        ['responseCode', '000'],
        ['transactionStatus', 'C'],
      ],
    ],
    [
      'order and doubled names stay',
      'b=1&a=2&b=3',
      [
        ['b', '1'],
        ['a', '2'],
        ['b', '3'],
      ],
    ],
    ['a value may hold =', 'a=b=c==', [['a', 'b=c==']]],
    [
      'a value may be empty',
      'a=&b=',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
    [
      'a name may be empty',
      '=x&a=1',
      [
        ['', 'x'],
        ['a', '1'],
      ],
    ],
    ['a trailing & is dropped', 'a=1&', [['a', '1']]],
    [
      'empty pieces are dropped',
      '&&a=1&&&b=2&&',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'a piece without = belongs to the value before it',
      'n=SMITH & SON&z=1',
      [
        ['n', 'SMITH & SON'],
        ['z', '1'],
      ],
    ],
    [
      'so do several',
      'n=A&B&C&z=1',
      [
        ['n', 'A&B&C'],
        ['z', '1'],
      ],
    ],
    [
      'an empty piece is not glued on',
      'n=A&&B&z=1',
      [
        ['n', 'A&B'],
        ['z', '1'],
      ],
    ],
    [
      'the one blank of an unknown name stays',
      'cardHolderName= &a=1',
      [
        ['cardHolderName', ' '],
        ['a', '1'],
      ],
    ],
    [
      'blanks around names and values stay',
      ' a = b & c = d ',
      [
        [' a ', ' b '],
        [' c ', ' d '],
      ],
    ],
    [
      'line ends at the end belong to no value',
      'a=1&b=2\r\n\n',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'a line end inside a value stays',
      'a=1\r\n2&b=\n3',
      [
        ['a', '1\r\n2'],
        ['b', '\n3'],
      ],
    ],
    ['a byte order mark at the start is dropped', '\uFEFFa=1', [['a', '1']]],
    ['one anywhere else stays', 'a=\uFEFF1', [['a', '\uFEFF1']]],
    [
      'names of the language are names',
      '__proto__=1&constructor=2',
      [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
    ],
    ['nothing at all has no pairs', '', []],
    ['a lone & has no pairs', '&', []],
  ])('%s', (_sentence, text, pairs) => {
    expect(raw(text)).toEqual(pairs);
    expect(read(text)).toEqual(pairs);
    expect(decodeNvp(text).stray).toBe('');
  });

  test.each<[sentence: string, text: string, stray: string, pairs: readonly Pair[]]>([
    ['a piece before the first pair belongs to none', 'atus&a=1', 'atus', [['a', '1']]],
    ['several of them are told together', 'x&y&a=1&z', 'xy', [['a', '1&z']]],
    ['a text without = is none of it', '<html></html>', '<html></html>', []],
    ['blanks before the first pair are nothing', ' \t&a=1', '', [['a', '1']]],
    ['blanks around it do not count', '\r\n x &a=1', 'x', [['a', '1']]],
  ])('%s', (_sentence, text, stray, pairs) => {
    expect(decodeNvp(text).stray).toBe(stray);
    expect(raw(text)).toEqual(pairs);
  });
});

/** Nobody has shown whether the service ever encodes; its published values are raw. */
describe('whether a reply is form-encoded is decided for the whole of it', () => {
  test.each<[sentence: string, text: string, pairs: readonly Pair[]]>([
    ['without a blank, + is a blank', 'm=Partially+Approved+%241.00', [['m', 'Partially Approved $1.00']]],
    [
      'names are decoded as well',
      'transaction%53tatus=C&a+b=1',
      [
        ['transactionStatus', 'C'],
        ['a b', '1'],
      ],
    ],
    ['hexadecimal digits may have either case', 'a=%2b%2B%c3%A9', [['a', '++\u00E9']]],
    ['characters of several bytes are read as UTF-8', 'a=%E2%82%AC%F0%9F%98%80', [['a', '\u20AC\u{1F600}']]],
    [
      'an encoded & or = splits nothing',
      'a=1%262%3D3&b=4',
      [
        ['a', '1&2=3'],
        ['b', '4'],
      ],
    ],
    ['an encoded = makes no pair', 'a=1&b%3D2', [['a', '1&b=2']]],
    ['nothing is decoded twice', 'a=%2541%252B', [['a', '%41%2B']]],
    ['an encoded line end at the end of a value stays', 'a=1%0D%0A', [['a', '1\r\n']]],
    [
      'a percent sign that encodes nothing is left alone',
      'a=100%&b=5%zz&c=%4',
      [
        ['a', '100%'],
        ['b', '5%zz'],
        ['c', '%4'],
      ],
    ],
    ['one before a code is left alone, the code is not', 'a=%%41', [['a', '%A']]],
    [
      'bytes that are not UTF-8 are left alone',
      'a=%E9&b=%FF%FE&c=%41',
      [
        ['a', '%E9'],
        ['b', '%FF%FE'],
        ['c', 'A'],
      ],
    ],
    ['a character cut off is left alone', 'a=%E2%82', [['a', '%E2%82']]],
    ['a surrogate in bytes is left alone', 'a=%ED%A0%80', [['a', '%ED%A0%80']]],
    ['a tab does not count as a blank', 'a=1\t2+3', [['a', '1\t2 3']]],
  ])('%s', (_sentence, text, pairs) => {
    expect(read(text)).toEqual(pairs);
  });

  test.each<[sentence: string, text: string]>([
    ['in a value', 'a=x y&b=1+2%41'],
    ['in a name', 'a b=1+2%41'],
    ['as a whole value', 'b=1+2%41&cardHolderName= '],
    ['at the end', 'b=1+2%41 '],
    ['before the first pair', ' b=1+2%41'],
  ])('one raw blank %s, and nothing is decoded', (_sentence, text) => {
    expect(read(text)).toEqual(raw(text));
    expect(read(text).flat().join()).toContain('1+2%41');
  });

  test('what came stays untouched beside what it reads as', () => {
    expect(decodeNvp('a%20b=c+d').pairs).toEqual([
      { name: 'a%20b', value: 'c+d', decodedName: 'a b', decodedValue: 'c d' },
    ]);
  });
});

describe('a request is form-encoded', () => {
  test('in the order given, blanks as +, and zeros kept', () => {
    const pairs: readonly Pair[] = [
      ['merchantID', '0012'],
      ['cardHolderName', 'Joe Montana'],
      ['singleSignOnToken', 'a+b/c=&d%'],
      ['merchantID', ''],
    ];
    expect(encodeNvp(pairs)).toBe(
      'merchantID=0012&cardHolderName=Joe+Montana&singleSignOnToken=a%2Bb%2Fc%3D%26d%25&merchantID=',
    );
  });

  test('of no pairs, it is empty', () => {
    expect(encodeNvp([])).toBe('');
  });

  test.each<[sentence: string, value: string]>([
    ['nothing', ''],
    ['a plus sign', 'a+b'],
    ['blanks around', ' a '],
    ['separators', '&a=b&'],
    ['percent signs', '%41%'],
    ['line ends', '\r\na\r\n'],
    ['a byte order mark', '\uFEFFa'],
    ['characters of two, three and four bytes', '\u00E9\u20AC\u{1F600}'],
    ['every ASCII character', String.fromCharCode(...Array(128).keys())],
  ])('reads back as it was: %s', (_sentence, value) => {
    expect(read(encodeNvp([[`n${value}`, value]]))).toEqual([[`n${value}`, value]]);
  });
});

test('no text makes it throw, and no part of one is lost', () => {
  const alphabet = [
    '&',
    '=',
    '%',
    '+',
    ' ',
    'a',
    '4',
    '1',
    'C',
    '3',
    'A',
    '9',
    '\uFEFF',
    '\uD800',
    '\uDC00',
    '\r\n',
    '%E9',
    '__proto__',
  ];
  // A linear congruential generator: the same texts in every run.
  let seed = 1;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  for (let i = 0; i < 2_000; i++) {
    const text = Array.from({ length: next(16) }, () => alphabet[next(alphabet.length)]).join('');
    const { pairs, stray } = decodeNvp(text);
    const kept = (part: string) => part.replace(/[\s&=\uFEFF]/g, '');
    expect(stray.replace(/\s/g, '').length).toBeLessThanOrEqual(text.length);
    expect(kept(stray) + kept(pairs.map(({ name, value }) => name + value).join(''))).toBe(kept(text));
  }
});

test('a reply full of line ends takes no longer than its length', async () => {
  expect(await growthOf((count) => `a=1${'\n'.repeat(count)}2&b=3`, decodeNvp, 40_000)).toBeLessThan(mostGrowth);
});
