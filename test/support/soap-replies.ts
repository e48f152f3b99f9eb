import { expect } from 'vitest';
import { readStatusReply } from '../../src/remote/soap-envelope.ts';
import { troubleOf } from './account.ts';

export const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const soap12 = 'http://www.w3.org/2003/05/soap-envelope';

/** The frame that ASMX was recorded with, in either version, around a Body of the test's. */
export const inBody = (body: string, namespace = soap11): string =>
  `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>${body}</soap:Body></soap:Envelope>`;

export const inResponse = (content: string): string =>
  inBody(`<GetSSOTokenStatusResponse xmlns="http://tempuri.org/">${content}</GetSSOTokenStatusResponse>`);

export const inResult = (text: string, attributes = ''): string =>
  inResponse(`<GetSSOTokenStatusResult${attributes}>${text}</GetSSOTokenStatusResult>`);

/** As it was recorded. */
export const good: string = inResult('USED');

export function expectResult(xml: string, text: string): void {
  expect(readStatusReply(xml)).toEqual({ kind: 'result', text });
}

export async function expectNotSoap(xml: string, because: string): Promise<void> {
  const error = await troubleOf(() => readStatusReply(xml));
  expect(error).toMatchObject({ category: 'service', code: 'NOT_SOAP', retryable: false });
  expect(error.message).toBe(`The status service answered with something that is not its SOAP reply: ${because}.`);
  expect(error.hint).toBe(
    'Check the status URL (--status-url); a login, maintenance or firewall page may stand in front of the service.',
  );
}
