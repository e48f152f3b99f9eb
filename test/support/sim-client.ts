import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import { type Simulator, type SimulatorOptions, simulatorSettings, startSimulator } from '../../src/sim/simulator.ts';

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Status line, the headers that are not about the connection, and body, as they were sent. */
  readonly bytes: string;
  /** The connection ended before the announced length. */
  readonly isCut: boolean;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A clock that stands still until it is told to move. */
export class HandClock {
  realMs = 5_000;
  readonly now = (): number => this.realMs;
}

/** Starts a simulator that the end of the test closes. */
export async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

export function send(url: string, sent: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: sent.method ?? 'POST', headers: sent.headers ?? {} }, (incoming) => {
      const chunks: Buffer[] = [];
      const finish = (isCut: boolean) => {
        const body = Buffer.concat(chunks).toString('utf8');
        const head = [`HTTP/${incoming.httpVersion} ${incoming.statusCode} ${incoming.statusMessage}`];
        for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
          const name = incoming.rawHeaders[index] ?? '';
          if (/^(date|connection|keep-alive)$/i.test(name)) continue;
          head.push(`${name}: ${incoming.rawHeaders[index + 1]}`);
        }
        const headers = incoming.headers as Record<string, string | undefined>;
        const bytes = `${head.join('\r\n')}\r\n\r\n${body}`;
        resolve({ status: incoming.statusCode ?? 0, headers, body, bytes, isCut });
      };
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => finish(false));
      incoming.on('error', () => finish(true));
    });
    outgoing.on('error', reject);
    outgoing.end(sent.body);
  });
}

export interface StatusInputs {
  readonly tokenID: string;
  readonly accountID?: string;
  readonly alias?: string;
  readonly password?: string;
}

export function writeInputs(inputs: StatusInputs): string {
  const { accountId, alias, securityKey } = simulatorSettings;
  return (
    `<tokenID>${inputs.tokenID}</tokenID><accountID>${inputs.accountID ?? accountId}</accountID>` +
    `<alias>${inputs.alias ?? alias}</alias><password>${inputs.password ?? securityKey}</password>`
  );
}

export function writeEnvelope(inputs: string, namespace = 'http://schemas.xmlsoap.org/soap/envelope/'): string {
  return (
    `<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="${namespace}"><soap:Body>` +
    `<GetSSOTokenStatus xmlns="http://tempuri.org/">${inputs}</GetSSOTokenStatus></soap:Body></soap:Envelope>`
  );
}

export const headers11 = {
  'Content-Type': 'text/xml; charset=utf-8',
  SOAPAction: '"http://tempuri.org/GetSSOTokenStatus"',
};
export const headers12 = { 'Content-Type': 'application/soap+xml; charset=utf-8' };

export function askStatus11(simulator: Simulator, inputs: StatusInputs): Promise<Received> {
  return send(simulator.statusUrl, { headers: headers11, body: writeEnvelope(writeInputs(inputs)) });
}

export function askStatus12(simulator: Simulator, inputs: StatusInputs): Promise<Received> {
  const body = writeEnvelope(writeInputs(inputs), 'http://www.w3.org/2003/05/soap-envelope');
  return send(simulator.statusUrl, { headers: headers12, body });
}

/** The status text, or how the call failed, in a word. */
export async function readStatus(simulator: Simulator, token: string): Promise<string> {
  const received = await askStatus11(simulator, { tokenID: token });
  const text = /<GetSSOTokenStatusResult>([^<]*)</.exec(received.body)?.[1];
  const code = /<faultcode>([^<]*)</.exec(received.body)?.[1];
  return text ?? code ?? `${received.status} ${received.headers['content-type']}`;
}

export function makeBasic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

export const goodBasic = makeBasic(simulatorSettings.nvpUser, simulatorSettings.nvpPassword);

export function writeForm(token: string, changes: Readonly<Record<string, string>> = {}): string {
  const { merchantId, storeId, terminalId } = simulatorSettings;
  const form = new URLSearchParams({
    merchantID: merchantId,
    storeID: storeId,
    terminalID: terminalId,
    transactionAction: 'ViewReceipt',
    requestToken: 'false',
    allowPartialPayment: 'false',
    singleSignOnToken: token,
    ...changes,
  });
  return form.toString();
}

export function postForm(simulator: Simulator, body: string, authorization = goodBasic): Promise<Received> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: authorization };
  return send(simulator.receiptUrl, { headers, body });
}

export function askReceipt(simulator: Simulator, token: string): Promise<Received> {
  return postForm(simulator, writeForm(token));
}
