import { expect, test } from 'vitest';
import { documentSchema } from '../../src/cli/answer/schema.ts';
import { describeReply } from '../../src/cli/trace/trace-text.ts';
import { type Card, type Receipt, readReceipt } from '../../src/domain/receipt.ts';
import { type CardMember, type EmvMember, fieldSpecs, type TopMember } from '../../src/domain/receipt-fields.ts';
import { nvpReply } from '../support/scripted-transport.ts';

// A row of the table is all that a field takes: these fail where a place does not follow it.

/** The compiler refuses a member that the table has and the types do not, and the other way round. */
type Made = 'result' | 'approved' | 'partial' | 'doubt' | 'card' | 'emv' | 'fields';
type Same<A, B> = [A, B] extends [B, A] ? true : never;
const members: Same<TopMember, Exclude<keyof Receipt, Made>> = true;
const cardMembers: Same<CardMember, keyof Card> = true;
const emvMembers: Same<EmvMember, keyof Receipt['emv']> = true;

const valueAt = (holder: unknown, member: string) =>
  member.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], holder);

const named = fieldSpecs.filter(({ name }) => name !== null && !['transactionStatus', 'errorCode'].includes(name));

test.each(named.map((spec) => [spec.name ?? '', spec] as const))('%s', (name, { member, kind, traced }) => {
  const value = kind === 'boolean' ? 'true' : '17';
  const text = `transactionStatus=C&${name}=${value}`;
  const receipt = readReceipt(text);
  expect(receipt.fields).toContainEqual({ name, value: expect.any(String) });
  const lines = describeReply(nvpReply(text), true, (shown) => shown);
  expect(lines).toContain(traced ? `${name} = "${value}"` : `${name} (${value.length} characters)`);
  if (member === undefined) return;
  expect(valueAt(receipt, member)).toBe(kind === 'boolean' ? true : '17');
  const schema = valueAt(
    documentSchema('receipt'),
    `properties.receipt.properties.${member.replace('.', '.properties.')}`,
  );
  expect(schema).toEqual({ type: [kind ?? 'string', 'null'] });
});

test('the types and the table have the same members', () => {
  expect([members, cardMembers, emvMembers]).toEqual([true, true, true]);
});
