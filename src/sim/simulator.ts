import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerNvp, makeReference, type NvpAccess, type ReceiptAnswer } from './nvp.ts';
import { makeHtmlPage, type Reply, sendReply, type WireRequest } from './reply.ts';
import { type ScenarioName, type StatusTrouble, scenarios } from './scenarios.ts';
import { simulatorSettings } from './settings.ts';
import { answerSoap, type StatusAnswer, type StatusInputs } from './soap.ts';
import { createTokenRecord, describePayment, judgeToken, type TokenRecord, type TokenTimes } from './tokens.ts';

export interface SimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** How long a token stays NEW, counted from its first ask, in simulated milliseconds. Default 25 s. */
  readonly usedAfterMs?: number;
  /** After this a token that was never used is EXPIRED, in simulated milliseconds. Default 15 min. */
  readonly lifeMs?: number;
  /** Simulated milliseconds per real millisecond. Default 1. */
  readonly timeScale?: number;
  /** A monotonic clock in real milliseconds. Default performance.now. */
  readonly now?: () => number;
  /** The time of day in milliseconds, for the dates in receipts. Default Date.now. */
  readonly wallNow?: () => number;
}

export interface Simulator {
  readonly origin: string;
  readonly statusUrl: string;
  readonly receiptUrl: string;
  newToken(scenario: ScenarioName): string;
  /** Ends open connections too; may be called twice. */
  close(): Promise<void>;
}

export { simulatorSettings };

const statusPath = '/providers/Forms/WebServices/SSOService.asmx';
const receiptPath = '/payment/NVP.aspx';
const largestBodyBytes = 4 * 1024 * 1024;

const nvpAccess: NvpAccess = {
  // Clients are known to sign in with the whole account ID and with its part before the @.
  users: [simulatorSettings.nvpUser, simulatorSettings.accountId, simulatorSettings.accountId.split('@')[0] ?? ''],
  password: simulatorSettings.nvpPassword,
  merchantId: simulatorSettings.merchantId,
  storeId: simulatorSettings.storeId,
  terminalId: simulatorSettings.terminalId,
};

const badCredentials: StatusAnswer = {
  kind: 'fault',
  blames: 'server',
  text: 'Server was unable to process request. ---> Invalid AccountID or Password.',
};

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const service = new Service(options);
  const server = createServer((request, response) => {
    service.handle(request, response).catch(() => response.destroy());
  });
  // Above the usual interval between two asks, as behind a common front server: no reconnect at every ask.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const origin = `http://127.0.0.1:${port}`;
  let closing: Promise<void> | undefined;
  return {
    origin,
    statusUrl: origin + statusPath,
    receiptUrl: origin + receiptPath,
    newToken: (scenario) => service.addToken(scenario),
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closing;
    },
  };
}

class Service {
  readonly #records = new Map<string, TokenRecord>();
  readonly #times: TokenTimes;
  readonly #now: () => number;
  readonly #wallNow: () => number;

  constructor(options: SimulatorOptions) {
    const { usedAfterMs = 25_000, lifeMs = 900_000, timeScale = 1 } = options;
    if (!(timeScale > 0 && Number.isFinite(timeScale))) {
      throw new RangeError(`timeScale is a number above zero, not ${timeScale}`);
    }
    this.#times = { usedAfterMs, lifeMs, timeScale };
    this.#now = options.now ?? (() => performance.now());
    this.#wallNow = options.wallNow ?? (() => Date.now());
  }

  addToken(name: ScenarioName): string {
    const scenario = scenarios.find((candidate) => candidate.name === name);
    if (scenario === undefined) throw new RangeError(`no scenario is called ${name}`);
    const record = createTokenRecord(scenario);
    this.#records.set(record.token, record);
    return record.token;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { method = 'GET', headers } = request;
    const path = request.url?.split('?')[0]?.toLowerCase();
    const reply = body === null ? makeTooLarge() : this.#route(path, { method, headers, body });
    await sendReply(response, reply);
  }

  #route(path: string | undefined, request: WireRequest): Reply {
    // IIS does not tell cases apart.
    if (path === statusPath.toLowerCase()) {
      return answerSoap(request, (inputs) => this.#answerStatus(inputs));
    }
    if (path === receiptPath.toLowerCase()) {
      return answerNvp(request, nvpAccess, (token) => this.#answerReceipt(token));
    }
    return makeHtmlReply(404, 'The resource cannot be found.');
  }

  #answerStatus(inputs: StatusInputs): StatusAnswer {
    const { accountId, alias, securityKey } = simulatorSettings;
    if (inputs.accountID !== accountId || inputs.alias !== alias || inputs.password !== securityKey) {
      return badCredentials;
    }
    const record = this.#records.get(inputs.tokenID ?? '');
    if (record === undefined) {
      return { kind: 'fault', blames: 'client', text: 'The token is not known to this account.' };
    }
    record.statusCalls += 1;
    record.firstAsk ??= { simulatedMs: this.#simulatedMs(), wallMs: this.#wallNow() };
    const trouble = record.scenario.statusTrouble;
    if (trouble !== undefined && (trouble.call === 'every' || trouble.call === record.statusCalls)) {
      return this.#makeTrouble(trouble.kind);
    }
    const text = judgeToken(record, this.#simulatedMs(), this.#times);
    const delayMs = (record.scenario.statusDelayMs ?? 0) / this.#times.timeScale;
    return { kind: 'status', text, delayMs };
  }

  #makeTrouble(kind: StatusTrouble['kind']): StatusAnswer {
    switch (kind) {
      case 'bad-credentials':
        return badCredentials;
      case 'server-fault': {
        const text = `Server was unable to process request. ---> An unexpected error occurred with Reference Number ${makeReference()}`;
        return { kind: 'fault', blames: 'server', text };
      }
      case 'busy': {
        // Real seconds, and never 0: clients wait them by their own clock.
        const seconds = Math.max(1, Math.ceil(5 / this.#times.timeScale));
        const reply = makeHtmlReply(503, 'The service is unavailable.', [['Retry-After', String(seconds)]]);
        return { kind: 'other', reply };
      }
      case 'login-page':
        return { kind: 'other', reply: makeLoginPage() };
      default:
        return kind satisfies never;
    }
  }

  #answerReceipt(token: string): ReceiptAnswer | null {
    const record = this.#records.get(token);
    const facts = record?.scenario.receipt;
    if (record === undefined || facts === undefined) return null;
    if (judgeToken(record, this.#simulatedMs(), this.#times) !== 'USED') return null;
    record.receiptCalls += 1;
    const trouble = record.scenario.receiptTrouble;
    const isTroubled = trouble !== undefined && record.receiptCalls <= trouble.calls;
    if (isTroubled && trouble.kind === 'error-form') return null;
    return { facts, marks: describePayment(record, this.#times), isCut: isTroubled };
  }

  #simulatedMs(): number {
    return this.#now() * this.#times.timeScale;
  }
}

/** Null: too large. The rest is read and dropped, so that the refusal reaches the client. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= largestBodyBytes) chunks.push(chunk);
  }
  return length <= largestBodyBytes ? Buffer.concat(chunks) : null;
}

function makeTooLarge(): Reply {
  return makeHtmlReply(413, 'The request is too large.');
}

function makeHtmlReply(status: number, text: string, headers: Reply['headers'] = []): Reply {
  const body = makeHtmlPage(text, `<h1>${text}</h1>`);
  return { status, contentType: 'text/html; charset=utf-8', headers, body };
}

function makeLoginPage(): Reply {
  const form =
    '<form method="post" action="/providers/Form/Login">\r\n<label>User <input name="user"></label>\r\n' +
    '<label>Password <input name="password" type="password"></label>\r\n<button>Sign in</button>\r\n</form>';
  return {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    headers: [['Cache-Control', 'private']],
    body: makeHtmlPage('Sign in', form),
  };
}
