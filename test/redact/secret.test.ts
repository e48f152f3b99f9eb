import { format, inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
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
