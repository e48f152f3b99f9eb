import { formatDuration } from '../domain/duration.ts';
import { type ErrorDetails, InstaMedError, serviceError, unreachableError } from '../domain/errors.ts';
import type { HttpRequest, Phase } from './http.ts';
import { connectTimeoutMs } from './time-limit.ts';

/** What an error of Node, OpenSSL or undici means to the person at the keyboard. `{host}` stands for the host asked, or the proxy. */
interface Failure {
  readonly codes: RegExp;
  readonly says: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const caHint = 'If a company proxy or a private authority signs here, add its certificate with --ca-file.';
const proxyHint = 'Check scheme, host and port of the proxy (--proxy, HTTPS_PROXY).';

/** Failures to trust a certificate. */
const certificateFailures: readonly Failure[] = [
  {
    codes: /^CERT_HAS_EXPIRED$/,
    says: 'The TLS certificate of {host} has expired',
    hint: "Check this machine's clock; else tell whoever runs that host. Verification cannot be switched off.",
    retryable: false,
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    says: 'The TLS certificate of {host} is not valid yet',
    hint: "Check this machine's clock; else tell whoever runs that host. Verification cannot be switched off.",
    retryable: false,
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME/,
    says: 'The TLS certificate that answered for {host} is for another host',
    hint: 'Check the host name in the URL. Verification cannot be switched off.',
    retryable: false,
  },
  {
    codes: /^DEPTH_ZERO_SELF_SIGNED_CERT$/,
    says: 'The TLS certificate of {host} is self-signed, so nobody vouches for it',
    hint: caHint,
    retryable: false,
  },
  {
    codes: /^(?:SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY_LEAF|CERT_SIGNATURE_FAILURE)/,
    says: 'The TLS certificate of {host} was signed by an authority that is not trusted here',
    hint: caHint,
    retryable: false,
  },
  {
    codes: /^(?:UNABLE_TO_|CERT_|CRL_|ERROR_IN_CERT|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH)/,
    says: 'The TLS certificate of {host} is not trusted here',
    hint: caHint,
    retryable: false,
  },
];

/** Limits of this machine, for which the host is not to blame. */
const localFailures: readonly Failure[] = [
  {
    codes: /^(?:EMFILE|ENFILE)$/,
    says: 'This machine has too many open files, so no connection to {host} could be opened',
    hint: 'Raise the limit (ulimit -n), or lower --concurrency.',
    retryable: true,
  },
  {
    codes: /^(?:ENOMEM|ENOBUFS|EAI_MEMORY)$/,
    says: 'This machine is out of memory, so no connection to {host} could be opened',
    hint: 'Free memory on this machine, and try again.',
    retryable: true,
  },
  {
    codes: /^EADDRNOTAVAIL$/,
    says: 'This machine has no free address or port, so no connection to {host} could be opened',
    hint: 'Lower --max-rate, or try again in a minute.',
    retryable: true,
  },
];

/** Failures to get a connection at all. */
const connectFailures: readonly Failure[] = [
  ...localFailures,
  {
    codes: /^ENOTFOUND$/,
    says: 'No address was found for {host}',
    hint: "Check the host name in the URL, and this machine's DNS.",
    retryable: false,
  },
  {
    codes: /^EAI_/,
    says: 'The name server did not answer for {host}',
    hint: "Check this machine's network and DNS.",
    retryable: true,
  },
  {
    codes: /^ECONNREFUSED$/,
    says: '{host} refused the connection',
    hint: 'Check host and port of the URL, and whether a proxy is needed (--proxy).',
    retryable: true,
  },
  {
    codes: /^(?:UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EACCES|EPERM)$/,
    says: 'No connection to {host} could be made',
    hint: 'Check the network and the firewall, and whether a proxy is needed (--proxy).',
    retryable: true,
  },
  ...certificateFailures,
  {
    codes: /^ERR_SSL_\w*CERTIFICATE_REQUIRED$/,
    says: '{host} requires a client certificate, which is not supported',
    hint: 'Ask the operator of the service for an address that does not require one.',
    retryable: false,
  },
  {
    codes: /^ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED$/,
    says: '{host} requires legacy TLS renegotiation, which is not secure and not supported',
    hint: 'Ask the operator of that host to update its TLS.',
    retryable: false,
  },
  {
    codes: /^(?:EPROTO|ERR_SSL_|ERR_TLS_)/,
    says: 'No TLS connection to {host} could be agreed on',
    hint: 'Check that the port speaks TLS 1.2 or later, and whether a proxy stands in between.',
    retryable: false,
  },
];

/** Failures after a connection was made. */
const exchangeFailures: readonly Failure[] = [
  {
    codes: /^(?:UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_INVALID_EOF_STATE|HPE_CLOSED_CONNECTION)$/,
    says: 'The reply of {host} was cut short',
    hint: 'Try again; if it stays so, tell whoever runs the service or the proxy in between.',
    retryable: true,
  },
  {
    // undici fails an assertion of its own over a status below 100.
    codes: /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW|ERR_ASSERTION)/,
    says: '{host} answered with something that is not HTTP',
    hint: 'Check host and port of the URL.',
    retryable: false,
  },
];

/** What of a request its error sentences name. */
export interface Asked extends Pick<HttpRequest, 'url' | 'purpose'> {
  /** Whether the URL is that of the proxy on the way. Default false. */
  readonly isProxy?: boolean;
}

/** What went wrong with the proxy itself. The cause is Node's or undici's. */
export class ProxyTrouble extends Error {
  override readonly name = 'ProxyTrouble';
  readonly proxy: URL;

  constructor(proxy: URL, cause: unknown) {
    super('There is trouble with the proxy.', { cause });
    this.proxy = proxy;
  }
}

/** An InstaMedError for whatever a request threw. The cause is not kept: undici's holds bytes of the reply. */
export function explainFailure(error: unknown, asked: Asked, phase: Phase): InstaMedError {
  if (error instanceof InstaMedError) return error;
  if (error instanceof ProxyTrouble) {
    const asksProxy = { url: error.proxy, purpose: asked.purpose, isProxy: true };
    if (codeOf(error.cause) === 'UND_ERR_HEADERS_TIMEOUT') {
      return timeoutError({ ...asksProxy, timeoutMs: connectTimeoutMs }, 'connecting');
    }
    return explainFailure(error.cause, asksProxy, 'waiting');
  }
  const code = codeOf(error);
  // Whatever has no code at all is no trouble of the network, but a bug of ours.
  if (code === '') throw error;
  // In the middle of a reply a connection was made, whatever the code of its end.
  const connectFailure = phase === 'reading' ? undefined : connectFailures.find(({ codes }) => codes.test(code));
  if (connectFailure) {
    return unreachableError(code, say(connectFailure.says, asked, code), {
      ...detailsOf(connectFailure, asked),
      // A shortage of this machine says nothing about the host, and may pass.
      connecting: !localFailures.includes(connectFailure),
    });
  }
  const exchangeFailure = exchangeFailures.find(({ codes }) => codes.test(code));
  if (exchangeFailure) {
    const label = exchangeFailure.retryable ? 'CUT_REPLY' : 'NOT_HTTP';
    const trouble = asked.isProxy ? unreachableError : serviceError;
    return trouble(label, say(exchangeFailure.says, asked, code), detailsOf(exchangeFailure, asked));
  }
  return lostConnection(code, asked, phase);
}

/** The time limit of one request, or what the deadline left of it, is over. */
export function timeoutError(asked: Asked & Pick<HttpRequest, 'timeoutMs'>, phase: Phase): InstaMedError {
  const says = phase === 'reading' ? 'did not finish its reply' : 'did not answer';
  return troubleOf(phase)('ETIMEDOUT', say(`{host} ${says} within ${formatDuration(asked.timeoutMs)}`, asked), {
    retryable: true,
    connecting: phase === 'connecting',
    hint: asked.isProxy ? proxyHint : 'Check the network; a slow service may need a longer --request-timeout.',
  });
}

const lostWhile: Readonly<Record<Phase, string>> = {
  connecting: '{host} ended the connection before it was ready',
  waiting: '{host} ended the connection without an answer',
  reading: '{host} ended the connection in the middle of its reply',
};

function lostConnection(code: string, asked: Asked, phase: Phase): InstaMedError {
  // undici has one code of its own for every socket that closed under a request.
  const label = code === 'UND_ERR_SOCKET' ? 'ECONNRESET' : code;
  return troubleOf(phase)(label, say(lostWhile[phase], asked, label), {
    retryable: true,
    connecting: asked.isProxy || phase === 'connecting',
    hint: asked.isProxy ? proxyHint : 'Try again; if it stays so, a firewall or proxy may be cutting the connection.',
  });
}

/** A host that began to answer is not unreachable. */
const troubleOf = (phase: Phase) => (phase === 'reading' ? serviceError : unreachableError);

/** The proxy answered CONNECT with something else than 200. `schemes` is its Proxy-Authenticate header. */
export function proxyError(status: number, { host }: URL, schemes = ''): InstaMedError {
  const wantsCredentials = status === 407;
  const offered = [...schemes.matchAll(/(?:^|,)\s*([A-Za-z]+)(?=\s|,|$)(?!\s*=)/g)].map(
    ([, scheme]) => scheme as string,
  );
  if (wantsCredentials && offered.length > 0 && !offered.some((scheme) => /^basic$/i.test(scheme))) {
    return unreachableError(
      'PROXY_407',
      `The proxy offers ${offered.join(' and ')} authentication only (407) before it connects to ${host}. Only Basic is supported.`,
      {
        connecting: true,
        hint: 'Ask the administrator of the proxy for Basic authentication, or run a local proxy that signs in for you.',
      },
    );
  }
  return unreachableError(
    `PROXY_${status}`,
    wantsCredentials
      ? `The proxy wants a user name and a password (407) before it connects to ${host}.`
      : `The proxy did not connect to ${host} (it answered ${status}).`,
    {
      connecting: true,
      retryable: status >= 500,
      hint: wantsCredentials
        ? 'Put them into the proxy URL: http://user:password@proxy:port in HTTPS_PROXY.'
        : status >= 500
          ? 'Ask whoever runs the proxy whether it can reach this host, or name the host in NO_PROXY.'
          : 'Ask whoever runs the proxy to allow this host, or name it in NO_PROXY.',
    },
  );
}

function detailsOf(failure: Failure, { isProxy = false }: Asked): ErrorDetails {
  const { hint, retryable } = failure;
  const isCertificate = certificateFailures.includes(failure);
  const isAboutProxy = isProxy && !isCertificate && !localFailures.includes(failure);
  const permanent = isCertificate || failure.codes.test('ENOTFOUND');
  return { hint: isAboutProxy ? proxyHint : hint, retryable, permanent, connecting: isProxy };
}

function say(says: string, { url, purpose, isProxy }: Asked, code?: string): string {
  const label = code === undefined ? '' : ` (${code})`;
  const sentence = `${says.replace('{host}', isProxy ? `the proxy ${url.host}` : url.host)}${label} ${purpose}.`;
  return sentence.replace(/^the proxy/, 'The proxy');
}

/** Whether a connection ended under a request, without a word. */
export function isLostSocket(error: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error));
}

/** Codes that only wrap the one that tells. */
const wrappers: readonly string[] = ['', 'UND_ERR_SOCKET'];

/** The code of an error, of its cause, or of the first of several attempts (one an address); the fourth is the last. */
export function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 3) return '';
  const own = 'code' in error && typeof error.code === 'string' ? error.code : parserCode(error);
  if (!wrappers.includes(own)) return own;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return codeOf(inner, depth + 1) || own;
}

/** undici's HTTP parser gives its errors no code. */
function parserCode({ name, message }: Error): string {
  if (name !== 'HTTPParserError') return '';
  return /EOF/.test(message) ? 'HPE_INVALID_EOF_STATE' : 'HPE_INVALID';
}
