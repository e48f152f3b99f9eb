import { describe, expect, test } from 'vitest';
import { decodeText } from '../../src/remote/charset.ts';
import { troubleOf } from '../support/account.ts';

/** `Café` in several character sets, and what no character set but the named one reads so. */
const utf8 = Buffer.from('Café', 'utf8');
const latin1 = Buffer.from('Café', 'latin1');
const utf16le = Buffer.from('Café', 'utf16le');
const utf16be = Buffer.from(utf16le).swap16();
const mark = (bytes: readonly number[], body: Uint8Array) => Buffer.concat([Buffer.from(bytes), body]);

const xml = (declaration: string, text: Uint8Array) =>
  Buffer.concat([Buffer.from(`<?xml version="1.0"${declaration}?><a>`), text, Buffer.from('</a>')]);

describe('what says the character set', () => {
  test.each([
    ['nothing: UTF-8', utf8, undefined],
    ['a type without one: UTF-8', utf8, 'text/html'],
    ['the type', latin1, 'text/html; charset=iso-8859-1'],
    ['the type, quoted', latin1, 'text/html; charset="iso-8859-1"'],
    ['the type, in another case', latin1, 'text/html; CHARSET=ISO-8859-1'],
    ['the type, with blanks', latin1, 'text/html ;  charset = iso-8859-1 ; x=y'],
    ['the type, without blanks', latin1, 'text/html;charset=iso-8859-1;x=y'],
    ['the type, after other parameters', latin1, 'text/html; x=y; charset=windows-1252'],
    ['the type, with two bytes a character', utf16be, 'text/xml; charset=utf-16be'],
    ['a byte order mark: UTF-8', mark([0xef, 0xbb, 0xbf], utf8), undefined],
    ['a byte order mark: UTF-16, little end first', mark([0xff, 0xfe], utf16le), undefined],
    ['a byte order mark: UTF-16, big end first', mark([0xfe, 0xff], utf16be), undefined],
    ['a byte order mark before the type: UTF-8', mark([0xef, 0xbb, 0xbf], utf8), 'text/xml; charset=iso-8859-1'],
    ['a byte order mark before the type: UTF-16', mark([0xff, 0xfe], utf16le), 'text/xml; charset=utf-8'],
  ])('%s', (_name, body, contentType) => {
    expect(decodeText(body, contentType)).toBe('Café');
  });

  test.each([
    ['a parameter of another name', 'text/html; xcharset=iso-8859-1'],
    ['a word in the type', 'text/charset=iso-8859-1'],
  ])('not %s', (_name, contentType) => {
    expect(decodeText(utf8, contentType)).toBe('Café');
  });
});

// Node 20 would give control characters for these.
test.each(['windows-1252', 'iso-8859-1', 'us-ascii'])(
  '%s is read as the web reads it: with €, dashes and quotes',
  (name) => {
    const body = Uint8Array.of(0x93, 0x80, 0x35, 0x96, 0xe9, 0x94, 0x9f);
    expect(decodeText(body, `text/html; charset=${name}`)).toBe('\u201c\u20ac5\u2013\u00e9\u201d\u0178');
  },
);

describe('an XML declaration', () => {
  test.each([
    ['names the character set', xml(' encoding="iso-8859-1"', latin1)],
    ['in single quotes too', xml(" encoding = 'ISO-8859-1'", latin1)],
    ['with more after it too', xml(' encoding="windows-1252" standalone="yes"', latin1)],
    ['behind blanks too', Buffer.concat([Buffer.from(' \n'), xml(' encoding="iso-8859-1"', latin1)])],
    ['without one leaves UTF-8', xml('', utf8)],
  ])('%s', (_name, body) => {
    expect(decodeText(body, 'text/xml', { isXml: true })).toContain('<a>Café</a>');
  });

  test('gives way to the type', () => {
    const body = xml(' encoding="iso-8859-1"', utf8);
    expect(decodeText(body, 'text/xml; charset=utf-8', { isXml: true })).toContain('<a>Café</a>');
  });

  test('counts in XML alone', () => {
    expect(decodeText(xml(' encoding="iso-8859-1"', utf8), 'text/html')).toContain('<a>Café</a>');
  });

  test.each([
    ['further down is none', Buffer.concat([Buffer.from('<b/>'), xml(' encoding="iso-8859-1"', utf8)])],
    ['of another instruction is none', Buffer.concat([Buffer.from('<?x encoding="iso-8859-1"?>'), utf8])],
    ['that ends before it is none', Buffer.concat([Buffer.from('<?xml?><b encoding="iso-8859-1"/>'), utf8])],
  ])('%s', (_name, body) => {
    expect(decodeText(body, undefined, { isXml: true })).toContain('Café');
  });
});

describe('bytes that are not UTF-8', () => {
  test('are read with the fallback where nothing said what they are', () => {
    expect(decodeText(latin1, 'text/html', { fallback: 'windows-1252' })).toBe('Café');
  });

  test.each([
    ['where the type says UTF-8', latin1, 'text/html; charset=utf-8'],
    ['where a byte order mark says UTF-8', mark([0xef, 0xbb, 0xbf], latin1), undefined],
    ['in an unknown character set', latin1, 'text/html; charset=x-unheard-of'],
    ['in one of a broken name', latin1, 'text/html; charset="'],
    ['where the type says UTF-16', Buffer.concat([Buffer.from('a=b&c='), latin1]), 'text/html; charset=utf-16'],
  ])('are read with the fallback %s', (_name, body, contentType) => {
    expect(decodeText(body, contentType, { fallback: 'windows-1252' })).toMatch(/Café$/);
  });

  test('are not the fallback where they are UTF-8', () => {
    expect(decodeText(utf8, 'text/html', { fallback: 'windows-1252' })).toBe('Café');
  });

  test.each([
    ['without a fallback', latin1, undefined, {}],
    ['where the type says UTF-8', latin1, 'text/html; charset=utf-8', {}],
    ['where a byte order mark says UTF-8', mark([0xef, 0xbb, 0xbf], latin1), undefined, {}],
    ['where an XML declaration says UTF-8', xml(' encoding="utf-8"', latin1), undefined, { isXml: true }],
    ['cut in the middle of a character', utf8.subarray(0, -1), undefined, {}],
    ['in an unknown character set', utf8, 'text/html; charset=x-unheard-of', {}],
    ['with half a character of two bytes', utf16le.subarray(0, -1), 'text/html; charset=utf-16le', {}],
  ])('are an error %s', async (_name, body, contentType, options) => {
    const error = await troubleOf(() => decodeText(body, contentType, options));
    expect(error).toMatchObject({ category: 'service', code: 'BAD_CHARSET', retryable: false });
    expect(error.message).toBe('The reply is not text in the character set that it claims.');
    expect(error.hint).toBe('Check the URL: another server may be answering there.');
  });
});

test('nothing is an empty text', () => {
  expect(decodeText(new Uint8Array(), undefined)).toBe('');
});

test.each([
  ['the first two bytes of one', [0xef, 0xbb]],
  ['the first and the third', [0xef, 0x41, 0xbf]],
  ['the last two', [0x41, 0xbb, 0xbf]],
  ['the first byte of a shorter one', [0xff, 0x41]],
  ['the first byte of the other shorter one', [0xfe, 0x41]],
  ['the second byte of a shorter one', [0x41, 0xfe]],
  ['the first two bytes of a longer one, the wrong way round', [0xbb, 0xef, 0xbf]],
])('a part of a byte order mark is none: %s', (_name, bytes) => {
  const text = decodeText(Uint8Array.from(bytes), undefined, { fallback: 'windows-1252' });
  expect(text).toHaveLength(bytes.length);
});

test.each(['utf-8', "'utf-8'", '"utf-16"', 'ANSI', 'x-unheard-of', 'utf-7', 'utf-16le', '', '\u00e9'])(
  'a reply that is all ASCII is read as that, whatever it claims: charset=%s',
  (claim) => {
    for (const options of [{}, { isXml: true }, { fallback: 'windows-1252' }] as const) {
      expect(decodeText(Buffer.from('<a>b=c</a>'), `text/xml; charset=${claim}`, options)).toBe('<a>b=c</a>');
    }
  },
);

test.each(["'iso-8859-1'", '"iso-8859-1"', 'iso-8859-1'])('a charset in quotes is known: %s', (claim) => {
  expect(decodeText(latin1, `text/html; charset=${claim}`)).toBe('Caf\u00e9');
});
