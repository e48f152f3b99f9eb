import { createHash } from 'node:crypto';
import { accountAt } from '../asmx-server.ts';
import { type Part, RawServer, type Script } from '../raw-server.ts';
import type { Env } from '../spawn-cli.ts';
import { bytesOf, type Call } from './attack.ts';

/** What each call for one token is answered with; asks after the last script meet it again. */
export type Story = Readonly<Partial<Record<Call, readonly Script[]>>>;

/**
 * A server of raw sockets that plays a story for each token. In what it sends, `{here}` stands for itself, and `{elsewhere}`
 * for a second server that nobody has any business with.
 */
export class HostileServer {
  /** An account that asks here. */
  readonly env: Env;
  readonly elsewhere: RawServer;
  readonly #server: RawServer;
  readonly #stories = new Map<string, Record<Call, Script[]>>();
  readonly #asked = new Map<string, number>();

  private constructor(server: RawServer, elsewhere: RawServer) {
    this.#server = server;
    this.elsewhere = elsewhere;
    this.env = accountAt(this.origin);
  }

  /** Starts one that somebody has to stop. */
  static async start(): Promise<HostileServer> {
    let hostile: HostileServer | null = null;
    const server = await RawServer.listen((request) => hostile?.answer(request) ?? []);
    hostile = new HostileServer(server, await RawServer.listen([]));
    return hostile;
  }

  private answer(request: string): Script {
    const { call, token } = readRequest(request);
    this.#asked.set(token, this.asked(token) + 1);
    const scripts = this.#stories.get(token)?.[call] ?? [];
    const script = (scripts.length > 1 ? scripts.shift() : scripts[0]) ?? [];
    return script.map((part) => this.#fill(part, token));
  }

  #fill(part: Part, token: string): Part {
    if (typeof part === 'function') return part;
    const bytes = bytesOf(part);
    if (!bytes.includes('{') && !bytes.includes('ransactionID=')) return part;
    const text = bytes.toString('latin1');
    const [here, elsewhere] = [this.origin, this.elsewhere.url.slice(0, -1)];
    // One transaction for several tokens would be an attack of its own.
    const id = createHash('md5').update(token).digest('hex');
    const own = text.replaceAll(/(?<=ransactionID=)[0-9a-f]{32}/g, id);
    return Buffer.from(own.replaceAll('{here}', here).replaceAll('{elsewhere}', elsewhere), 'latin1');
  }

  get origin(): string {
    return this.#server.url.slice(0, -1);
  }

  /** The token that a story is played for; the story may depend on it. */
  tell(story: Story | ((token: string) => Story)): string {
    const token = Buffer.from(`token ${this.#stories.size} of a hostile server`).toString('base64url');
    const { status = [], receipt = [] } = typeof story === 'function' ? story(token) : story;
    this.#stories.set(token, { status: [...status], receipt: [...receipt] });
    return token;
  }

  /** How many requests came for a token. */
  asked(token: string): number {
    return this.#asked.get(token) ?? 0;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#server.stop(), this.elsewhere.stop()]);
  }
}

function readRequest(request: string): { call: Call; token: string } {
  const call = request.startsWith('POST /NVP.aspx ') ? 'receipt' : 'status';
  const token = (call === 'receipt' ? /&singleSignOnToken=([\w-]+)/ : /<tokenID>([\w-]+)</).exec(request)?.[1];
  return { call, token: token ?? '' };
}
