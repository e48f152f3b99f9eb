import type { HttpReply, HttpRequest, Transport } from '../../src/remote/http.ts';
import type { OnTrace, WireEvent } from '../../src/remote/trace.ts';

/** A reply, an error to throw, or a function that makes one of them; the label says in the test what it stands for. */
export interface Step {
  readonly label: string;
  readonly answer: HttpReply | Error | ((request: HttpRequest) => HttpReply | Promise<HttpReply>);
  /** What a trace hears of the wire before that. */
  readonly wire?: (tell: (event: WireEvent) => void) => void;
}

/** Answers each request with the next step, once and in order, and keeps the requests. */
export class ScriptedTransport implements Transport {
  readonly requests: HttpRequest[] = [];
  isClosed = false;
  onTrace: OnTrace | undefined;
  readonly #steps: Step[];

  constructor(steps: readonly Step[]) {
    this.#steps = [...steps];
  }

  async post(request: HttpRequest): Promise<HttpReply> {
    this.requests.push(request);
    const step = this.#steps.shift();
    if (!step) throw new TypeError(`An unexpected request to ${request.url.href}: the script is at its end.`);
    step.wire?.((event) => this.onTrace?.({ ...event, request }));
    if (step.answer instanceof Error) throw step.answer;
    return typeof step.answer === 'function' ? step.answer(request) : step.answer;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  /** The labels of steps that nobody asked for; a test expects none. */
  get leftovers(): readonly string[] {
    return this.#steps.map(({ label }) => label);
  }
}

/** A reply with a body of text; framed, unless told otherwise. */
export function textReply(
  body: string,
  { status = 200, headers = {}, isWhole = true }: Partial<Omit<HttpReply, 'body'>> = {},
): HttpReply {
  return { status, headers, body: new TextEncoder().encode(body), isWhole };
}

/** A status reply as ASMX writes it (the shape is recorded, the value is the test's). */
export function statusReply(status: string): HttpReply {
  return textReply(
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><GetSSOTokenStatusResponse xmlns="http://tempuri.org/"><GetSSOTokenStatusResult>${status}</GetSSOTokenStatusResult></GetSSOTokenStatusResponse></soap:Body></soap:Envelope>`,
    { headers: { 'content-type': 'text/xml; charset=utf-8' } },
  );
}

/** A Fault of SOAP 1.1 as ASMX writes it, with HTTP 500 (the shape is recorded, code and text are the test's). */
export function faultReply(code: string, text: string): HttpReply {
  return textReply(
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:${code}</faultcode><faultstring>${text}</faultstring><detail /></soap:Fault></soap:Body></soap:Envelope>`,
    { status: 500, headers: { 'content-type': 'text/xml; charset=utf-8' } },
  );
}

/** An NVP reply with the content type that ASP.NET pages default to. */
export function nvpReply(text: string, status = 200): HttpReply {
  return textReply(text, { status, headers: { 'content-type': 'text/html' } });
}
