import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createMask } from '../../src/redact/mask.ts';
import { Secret } from '../../src/redact/secret.ts';

describe('a Secret never prints', () => {
  const secret = new Secret('s3cr3t-canary');

  test.each<[sentence: string, text: string]>([
    ['as text', String(secret)],
    ['in a template', `${secret}`],
    ['joined to a text', ['', secret].join('')],
    ['by toString', secret.toString()],
    ['in an array turned into text', String([secret])],
    ['inspected', inspect(secret)],
    ['inspected deep inside', inspect({ a: { b: [secret] } }, { depth: null })],
    ['in a line of the console', format('%s', secret)],
    ['in a line of the console, as an object', format('%O %o', secret, secret)],
    ['in an error message', new Error(`No: ${secret}`).message],
  ])('%s', (_sentence, text) => {
    expect(text).not.toContain('canary');
    expect(text).toContain('***');
  });

  test.each<[sentence: string, text: string]>([
    ['as JSON', JSON.stringify(secret)],
    ['deep inside JSON', JSON.stringify({ a: [secret] })],
    ['as JSON in a line of the console', format('%j', secret)],
  ])('%s', (_sentence, text) => {
    expect(text).not.toContain('canary');
    expect(text).toContain('"***"');
  });

  test.each<[sentence: string, value: unknown]>([
    ['as a copy', { ...secret }],
    ['by its own names', Reflect.ownKeys(secret)],
    ['by its entries', Object.entries(secret)],
    ['inspected without its own say', inspect(secret, { customInspect: false, showHidden: true, getters: true })],
  ])('%s', (_sentence, value) => {
    expect(JSON.stringify(value)).not.toContain('canary');
  });

  test('gives its value to whoever asks for it by name', () => {
    expect(secret.reveal()).toBe('s3cr3t-canary');
    expect(new Secret('').reveal()).toBe('');
  });
});

/** A secret with every character that some spelling changes. */
const awkward = `k&<>"'\\/ +=%\u00E9\u20ACz`;

const xmlNames: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const eachCharacter = (text: string, write: (character: string) => string) => [...text].map(write).join('');
const code = (character: string) => character.codePointAt(0) ?? 0;
const percent = (character: string) =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
/** Each UTF-16 unit as JSON escapes it. */
const unicodeEscape = (text: string) =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

describe('a mask finds a secret', () => {
  test.each<[sentence: string, spelling: string]>([
    ['as it is', awkward],
    ['XML-escaped with names', eachCharacter(awkward, (c) => xmlNames[c] ?? c)],
    ['XML-escaped only where text needs it', awkward.replaceAll('&', '&amp;').replaceAll('<', '&lt;')],
    ['XML-escaped twice', eachCharacter(awkward, (c) => xmlNames[c]?.replace('&', '&amp;') ?? c)],
    ['as decimal references', eachCharacter(awkward, (c) => `&#${code(c)};`)],
    ['as decimal references with zeros', eachCharacter(awkward, (c) => `&#000${code(c)};`)],
    ['as hexadecimal references', eachCharacter(awkward, (c) => `&#x${code(c).toString(16)};`)],
    [
      'as hexadecimal references in capitals with zeros',
      eachCharacter(awkward, (c) => `&#X00${code(c).toString(16).toUpperCase()};`),
    ],
    ['as JSON writes it', JSON.stringify(awkward).slice(1, -1)],
    ['as JSON with escaped slashes', JSON.stringify(awkward).slice(1, -1).replaceAll('/', '\\/')],
    [
      'as JSON that is careful in HTML',
      JSON.stringify(awkward)
        .slice(1, -1)
        .replace(/[<>&']/g, unicodeEscape),
    ],
    ['as JSON with every character escaped', unicodeEscape(awkward)],
    [
      'as JSON with every character escaped in capitals',
      unicodeEscape(awkward).replace(/[a-f]/g, (c) => c.toUpperCase()),
    ],
    ['percent-encoded', encodeURIComponent(awkward)],
    ['percent-encoded in lower case', encodeURIComponent(awkward).replace(/%../g, (c) => c.toLowerCase())],
    ['percent-encoded to the last character', eachCharacter(awkward, percent)],
    ['form-encoded', new URLSearchParams({ a: awkward }).toString().slice(2)],
    ['in a mixture of all of them', `&#107;%26\\u003c&gt;\\"'\\\\\\/+%2b=%25\u00E9%E2%82%ACz`],
  ])('%s', (_sentence, spelling) => {
    expect(createMask([awkward])(`before ${spelling} after ${spelling}`)).toBe('before *** after ***');
  });

  test('whose UTF-8 came back under the name of another charset', () => {
    // The letters that Windows has in the place of the two bytes of an a with two dots.
    expect(createMask(['P\u00E4ss'])('No: P\u00C3\u00A4ss.')).toBe('No: ***.');
    // The second byte of three: a low quotation mark in windows-1252, a control character in ISO-8859-1.
    const mask = createMask(['P\u20ACss']);
    expect(mask('P\u00E2\u201A\u00ACss, P\u00E2\u0082\u00ACss')).toBe('***, ***');
  });

  test.each<[sentence: string, spelling: string]>([
    ['as it is', 'pass\u{1F600}word'],
    ['as references', 'pass&#128512;word'],
    ['percent-encoded', 'pass%F0%9F%98%80word'],
    ['as JSON in plain ASCII, where it takes two escapes', 'pass\\ud83d\\ude00word'],
    ['as JSON in plain ASCII capitals', 'pass\\uD83D\\uDE00word'],
  ])('with a character above the basic plane %s', (_sentence, spelling) => {
    expect(createMask(['pass\u{1F600}word'])(`<${spelling}>`)).toBe('<***>');
  });

  test.each<[sentence: string, secret: string, spelling: string]>([
    ['a percent sign, percent-encoded', 'pass%', 'pass%25'],
    ['an ampersand, XML-escaped', 'pass&', 'pass&amp;'],
    ['a backslash, JSON-escaped', 'pass\\', 'pass\\\\'],
  ])('to the end of its last character: %s', (_sentence, secret, spelling) => {
    expect(createMask([secret])(`<${secret}|${spelling}>`)).toBe('<***|***>');
  });

  // A service that echoes it raw in a reply that we then take for form-encoded.
  test.each<[secret: string, spelling: string]>([
    ['key+canary/1=', 'key canary/1='],
    ['100%41-canary%2B', '100A-canary+'],
    ['key+canary/1=', 'key&#32;canary%2F1='],
  ])('that was sent raw, %s, and decoded as a form, %s', (secret, spelling) => {
    expect(createMask([secret])(`<${spelling}> <${secret}>`)).toBe('<***> <***>');
  });

  test('that holds a byte of one hexadecimal digit', () => {
    expect(createMask(['tab\tcanary'])('<tab%09canary> <tab&#9;canary> <tab&#x9;canary>')).toBe('<***> <***> <***>');
  });

  test('that holds characters with a meaning in patterns', () => {
    expect(createMask(['.*+?^$(){}|[]\\/'])('x.*+?^$(){}|[]\\/y abc')).toBe('x***y abc');
  });
});

/** A secret whose Base64 holds both characters that the URL-safe alphabet writes otherwise. */
const binary = '\u00FB\u00EF\u00BE~~~???\u00FF\u00FE>>>';

describe('a mask finds a secret in Base64', () => {
  const spell: Readonly<Record<string, (base64: string) => string>> = {
    'as it is': (text) => text,
    'in the URL-safe alphabet': (text) => text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
    'percent-encoded': (text) => encodeURIComponent(text),
    'percent-encoded in lower case': (text) => encodeURIComponent(text).replace(/%../g, (c) => c.toLowerCase()),
    'as JSON with escaped slashes': (text) => text.replaceAll('/', '\\/'),
  };
  const cases = Object.keys(spell).flatMap((alphabet) =>
    ['', 'u', 'us', 'user:'].flatMap((before) => ['', '!', '!!'].map((after) => [alphabet, before, after] as const)),
  );

  test.each(cases)('%s, between "%s" and "%s"', (alphabet, before, after) => {
    for (const secret of [binary, 'key+canary/1=', 'sixsix']) {
      const base64 = Buffer.from(before + secret + after).toString('base64');
      // Only the characters at both ends depend on what stands beside the secret, too.
      const first = Math.ceil((Buffer.byteLength(before) * 8) / 6);
      const last = Math.floor((Buffer.byteLength(before + secret) * 8) / 6);
      const write = spell[alphabet] ?? String;
      const shown = `${write(base64.slice(0, first))}***${write(base64.slice(last))}`;
      expect(createMask([secret])(`Basic ${write(base64)}`)).toBe(`Basic ${shown}`);
    }
  });

  test('but not one of five bytes or fewer, which chance would find as well', () => {
    expect(createMask(['fives'])(Buffer.from('fives').toString('base64'))).toBe('Zml2ZXM=');
    expect(createMask(['sixsix'])(Buffer.from('sixsix').toString('base64'))).toBe('***');
  });
});

describe('a part that a name=value reply takes off a secret', () => {
  const mask = createMask(['longpart&tail=anotherpart<"shorter']);

  test.each([
    ['before an ampersand', 'longpart', '***'],
    ['between an equals sign and a mark that XML escapes', 'anotherpart', '***'],
    ['in a spelling of its own', 'an%6Ftherp&#97;rt', '***'],
    ['of fewer than eight characters, which could be any word', 'shorter', 'shorter'],
    ['that was cut', 'longpar', 'longpar'],
  ])('%s', (_sentence, text, shown) => {
    expect(mask(text)).toBe(shown);
  });
});

describe('a mask leaves other text alone', () => {
  const mask = createMask(['key+canary/1=', 'nvp-canary-2']);

  test.each<[sentence: string, text: string]>([
    ['nothing', ''],
    ['an error text', 'An unexpected error occurred with Reference Number 02198MGNBZ'],
    ['the secret in another case', 'KEY+CANARY/1='],
    ['the beginning of the secret', 'key+canary/'],
    ['the end of the secret', 'ey+canary/1='],
    ['the secret with a character between', 'key+canary /1='],
    ['a percent sign that encodes another character', 'key%2Acanary%2F1%3D'],
    ['a reference to another character', 'key&#44;canary/1='],
    ['a reference to a character that ends alike', 'key&#143;canary/1='],
    ['as many plus signs', '+'.repeat(13)],
    ['backslashes before letters', '\\n\\v\\p-canary-2'],
    ['another text in Base64', Buffer.from('key-canary/2').toString('base64')],
  ])('%s', (_sentence, text) => {
    expect(mask(text)).toBe(text);
  });

  test('where there are no secrets, or only empty ones', () => {
    expect(createMask([])('a text')).toBe('a text');
    expect(createMask([''])('a text')).toBe('a text');
    expect(createMask(['', 'text'])('a text')).toBe('a ***');
  });
});

describe('several secrets', () => {
  test('are all found, each time', () => {
    expect(createMask(['alpha', 'beta'])('alpha beta alphabeta')).toBe('*** *** ******');
  });

  test.each([[['canary', 'canary-2']], [['canary-2', 'canary']]])(
    'one that is part of another leaves nothing of it behind: %j',
    (secrets) => {
      expect(createMask(secrets)('my canary-2 and canary')).toBe('my *** and ***');
    },
  );

  test('are replaced by what the caller says, taken literally', () => {
    const mask = createMask(['alpha', 'beta'], (secret) => `<${secret.length}$&$1>`);
    expect(mask('alpha, beta')).toBe('<5$&$1>, <4$&$1>');
  });

  test('that are the same are asked for once', () => {
    const asked: string[] = [];
    createMask(['alpha', 'alpha'], (secret) => {
      asked.push(secret);
      return '';
    });
    expect(asked).toEqual(['alpha']);
  });
});
