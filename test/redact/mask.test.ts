import { describe, expect, test } from 'vitest';
import { createMask } from '../../src/redact/mask.ts';

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

/** Cut out, or the whole text with it. */
const hidden =
  /^(?:before \*\*\* after \*\*\*|<\*{3}>(?: <\*{3}>)?|<\*{3}\|\*{3}(?:25|amp;|\\)?>|\*\*\* \(\d+ characters\))$/;

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
    expect(createMask([awkward])(`before ${spelling} after ${spelling}`)).toMatch(hidden);
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
    expect(createMask(['pass\u{1F600}word'])(`<${spelling}>`)).toMatch(hidden);
  });

  test.each<[sentence: string, secret: string, spelling: string]>([
    ['a percent sign, percent-encoded', 'pass%', 'pass%25'],
    ['an ampersand, XML-escaped', 'pass&', 'pass&amp;'],
    ['a backslash, JSON-escaped', 'pass\\', 'pass\\\\'],
  ])('to the end of its last character: %s', (_sentence, secret, spelling) => {
    expect(createMask([secret])(`<${secret}|${spelling}>`)).toMatch(hidden);
  });

  // A service that echoes it raw in a reply that we then take for form-encoded.
  test.each<[secret: string, spelling: string]>([
    ['key+canary/1=', 'key canary/1='],
    ['100%41-canary%2B', '100A-canary+'],
    ['key+canary/1=', 'key&#32;canary%2F1='],
  ])('that was sent raw, %s, and decoded as a form, %s', (secret, spelling) => {
    expect(createMask([secret])(`<${spelling}> <${secret}>`)).toMatch(hidden);
  });

  test('that holds a byte of one hexadecimal digit', () => {
    for (const text of ['<tab%09canary>', '<tab&#9;canary>', '<tab&#x9;canary>']) {
      expect(createMask(['tab\tcanary'])(text)).toBe(`*** (${text.length} characters)`);
    }
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
  // Three bytes are four characters of Base64, so what stands around a secret changes how it is spelled.
  test.each(Object.entries(spell))('%s, whatever stands around it', (_alphabet, write) => {
    for (const before of ['', 'u', 'us', 'user:']) {
      for (const after of ['', '!', '!!']) {
        for (const secret of [binary, 'key+canary/1=', 'sixsix']) {
          const text = `Basic ${write(Buffer.from(before + secret + after).toString('base64'))}`;
          expect([before, after, createMask([secret])(text)]).toEqual([
            before,
            after,
            `*** (${text.length} characters)`,
          ]);
        }
      }
    }
  });

  test('in several lines, and of UTF-16, as .NET writes it', () => {
    const secret = 'key+canary/1=';
    const lines = Buffer.from(`${'x'.repeat(70)}${secret}`)
      .toString('base64')
      .replace(/.{20}/g, '$&\r\n');
    const wide = Buffer.from(`user:${secret}`, 'utf16le').toString('base64');
    for (const text of [lines, wide]) expect(createMask([secret])(text)).toBe(`*** (${text.length} characters)`);
  });

  test('of a text that escapes it', () => {
    const text = Buffer.from('<password>a&amp;b&lt;c-canary</password>').toString('base64');
    expect(createMask(['a&b<c-canary'])(`request: ${text}`)).toMatch(hidden);
  });

  test('but not one of two bytes, which chance would find as well', () => {
    expect(createMask(['ab'])(Buffer.from('ab').toString('base64'))).toBe('YWI=');
  });
});

describe('a part that a name=value reply takes off a secret', () => {
  const mask = createMask(['longpart&tail=anotherpart<"shorter']);

  test.each([
    ['before an ampersand', 'longpart', '***'],
    ['between an equals sign and a mark that XML escapes', 'anotherpart', '***'],
    ['in a spelling of its own', 'an%6Ftherp&#97;rt', '*** (17 characters)'],
    ['of fewer than eight characters, which could be any word', 'shorter', 'shorter'],
    ['that was cut', 'longpar', 'longpar'],
  ])('%s', (_sentence, text, shown) => {
    expect(mask(text)).toBe(shown);
  });
});

describe('what stands in front of a long secret, or behind it, can spell another character with a part of it', () => {
  const secret = 'a1-canary-of-ours%';

  test.each<[sentence: string, text: string]>([
    ['a percent sign in front', `100 %${encodeURIComponent(secret)}`],
    ['a percent sign and a digit in front', `%0${encodeURIComponent(secret)}`],
    ['a backslash in front', `\\\\u0061${secret.slice(1)}`],
    ['two digits behind', `${secret.replace('-', '%2D')}41`],
  ])('%s', (_sentence, text) => {
    expect(createMask([secret])(text)).not.toContain('canary-of');
  });
});

describe('a mask leaves other text alone', () => {
  const mask = createMask(['key+canary/1=', 'nvp-canary-2']);

  test.each<[sentence: string, text: string]>([
    ['nothing', ''],
    ['an error text', 'An unexpected error occurred with Reference Number 02198MGNBZ'],
    ['the first half of the secret', 'key+can'],
    ['the last half of the secret', 'canary/1='],
    ['the secret with a character between', 'key+canary /1='],
    ['a percent sign that encodes another character', 'key%2Acanary%2F1%3D'],
    ['a reference to another character', 'key&#44;canary/1='],
    ['a reference to a character that ends alike', 'key&#143;canary/1='],
    ['as many plus signs', '+'.repeat(13)],
    ['backslashes before letters', '\\n\\v\\p\\-canary-2'],
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

  test('that overlap leave nothing of one another', () => {
    expect(createMask(['canary-one', 'one-two-three'])('<canary-one-two-three>')).toBe('<***>');
    expect(createMask(['abab'])('<ababab>')).toBe('<***>');
  });

  test('are found by the thousand', () => {
    const secrets = Array.from({ length: 5_000 }, (_, i) => `secret-number-${i}`);
    const mask = createMask([...secrets, 'tiny']);
    expect(mask('a secret-number-4321 b')).toBe('a *** b');
    expect(mask('a tiny b')).toBe('a *** b');
    expect(mask('secret%2Dnumber-77')).toBe('*** (18 characters)');
    expect(mask('a secret-number')).toBe('a secret-number');
  });
});

describe('a short secret', () => {
  test.each([
    ['a', 'The payer is known.', '*** (19 characters)'],
    ['1', 'A1', '*** (2 characters)'],
    ['not', 'It was Not taken.', '*** (17 characters)'],
    ['not', 'Card held.', 'Card held.'],
    ['a', 'a', '***'],
  ])('%s hides the whole of a text that holds it: the rest would tell it', (secret, text, shown) => {
    expect(createMask([secret])(text)).toBe(shown);
  });
});

describe('a token', () => {
  const token = 'NTJmY2Y5NmMtOTg2Yi00NDM0LTk2ZWYtZjc3OGE1OTVhN2Qz';

  test('is shortened, alone and in a text, and hides a text that holds it in another way', () => {
    const mask = createMask(['secret-1'], [token, 'short-token']);
    expect(mask(token)).toBe('NTJm…N2Qz');
    expect(mask(`no ${token}, secret-1, short-token!`)).toBe('no NTJm…N2Qz, ***, ***!');
    expect(mask(`no ${Buffer.from(`:${token}`).toString('base64')}`)).toBe('*** (71 characters)');
  });

  test('that is a secret as well is a secret', () => {
    expect(createMask([token], [token])(token)).toBe('***');
  });
});
