import { describe, expect, test } from 'vitest';
import { escapeXmlText, readXml, UnreadableXmlError } from '../../src/sim/xml.ts';

describe('readXml', () => {
  test('decodes the five entities and numeric references', () => {
    expect(readXml('<a>&lt;&gt;&amp;&quot;&apos;&#43;&#x2f;&#x1F600;</a>').text).toBe('<>&"\'+/\u{1F600}');
  });

  test('decodes a reference once', () => {
    expect(readXml('<a>&amp;lt;</a>').text).toBe('&lt;');
  });

  test('keeps blanks and reads every line end as one', () => {
    expect(readXml('<a> x\r\n\ty\r</a>').text).toBe(' x\n\ty\n');
  });

  test('leaves a CDATA section undecoded', () => {
    expect(readXml('<a>1<![CDATA[<&amp;>]]>2</a>').text).toBe('1<&amp;>2');
  });

  test('finds namespaces by the nearest declaration', () => {
    const root = readXml('<p:a xmlns:p="one" xmlns="two"><b/><p:b xmlns:p="three"/><c xmlns=""/></p:a>');
    expect([root, ...root.children].map((element) => `${element.namespace}|${element.name}`)).toEqual([
      'one|a',
      'two|b',
      'three|b',
      '|c',
    ]);
  });

  test('skips the declaration, comments and instructions', () => {
    expect(readXml('<?xml version="1.0"?>\n<!-- <x> --><a><?do it?>t</a>\n<!-- y -->').text).toBe('t');
  });

  test.each([
    ['nothing', ''],
    ['an open element', '<a><b></b>'],
    ['crossed tags', '<a><b></a></b>'],
    ['an end without a start', '</a>'],
    ['two roots', '<a/><b/>'],
    ['text behind the root', '<a/>x'],
    ['an undeclared prefix', '<p:a/>'],
    ['an undeclared prefix of an attribute', '<a p:b="1"/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>x & y</a>'],
    ['a reference without its end', '<a>&amp</a>'],
    ['a reference to a control character', '<a>&#x1B;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a reference to half a pair', '<a>&#xD800;</a>'],
    ['a control character', '<a>\u001b</a>'],
    ['a DTD', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'],
    ['a second declaration', '<a><?xml version="1.0"?></a>'],
    ['an HTML page', '<html><br></html>'],
  ])('refuses %s', (_what, document) => {
    expect(() => readXml(document)).toThrow(UnreadableXmlError);
  });
});

test('escapeXmlText leaves quotes as .NET does', () => {
  // Recorded from a real ASP.NET service.
  expect(escapeXmlText(`<USED>&"'`)).toBe(`&lt;USED&gt;&amp;"'`);
});
