/** The capture protocol over plain HTTPS. Whatever is safe to repeat is repeated until the patience ends. */

import type {
  Begun,
  Brand,
  CardAnswer,
  ClientInfo,
  Colour,
  EndReason,
  Gesture,
  Handoff,
  Opened,
  Outcome,
  Ping,
  Problem,
  RestartReason,
  Side,
  TraceBatch,
} from "./messages.ts";
import { complete, whoAsks } from "./messages.ts";
import { sleep } from "./time.ts";

const PREFIX = "/capture/v1";
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2000;
const POLL_MS = 1000;
const PASSING = ["unreachable", "session_busy", "body_slow"];

/** The server refused, or could not be reached (`problem` is then "unreachable"). */
export class Refused extends Error {
  readonly problem: string;
  readonly status: number;
  readonly received: number | undefined;
  readonly redirectUrl: string;
  /** Who had asked; null where the refusal does not say. */
  readonly brand: Brand | null;

  constructor(body: Problem, status = 0) {
    super(body.detail);
    this.name = "Refused";
    this.problem = body.problem;
    this.status = status;
    this.received = body.received;
    this.redirectUrl = body.redirect_url ?? "";
    this.brand = body.brand ? whoAsks(body.brand) : null;
  }

  /** Whether the same request may succeed in a moment. */
  get passing(): boolean {
    return PASSING.includes(this.problem) || this.status >= 500;
  }
}

export interface TransportOptions {
  /** Address of the server, "" for the page's own origin. */
  base: string;
  token: string;
  /** How long a request is repeated while the server cannot be reached. */
  patienceMs?: number;
  /** Told when the connection is lost and when it is back. */
  onConnection?: (online: boolean) => void;
  fetch?: typeof fetch;
}

interface Request {
  method: "GET" | "POST" | "PUT";
  path: string;
  json?: unknown;
  bytes?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** One token's session. */
export class Transport {
  readonly base: string;
  readonly token: string;
  private readonly patience: number;
  private readonly onConnection: (online: boolean) => void;
  private readonly fetch: typeof fetch;
  private online = true;

  constructor(options: TransportOptions) {
    this.base = options.base.replace(/\/+$/, "");
    this.token = options.token;
    this.patience = options.patienceMs ?? 20_000;
    this.onConnection = options.onConnection ?? (() => {});
    this.fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  async open(info: ClientInfo, signal?: AbortSignal): Promise<Opened> {
    return complete(await this.repeat<Opened>({ method: "POST", path: "/session", json: info, signal }));
  }

  /** Keeps with the session what the person agreed to: the text that stood on the screen, and its language. */
  consent(text: string, language: string, signal?: AbortSignal): Promise<void> {
    return this.repeat({ method: "POST", path: "/consent", json: { language, text }, signal });
  }

  /** Not repeated on a lost connection: each begun attempt counts. */
  async begin(body: { light: boolean; unable: Gesture[]; waited_ms: number }, signal?: AbortSignal): Promise<AttemptTransport> {
    const begun = await this.once<Begun>({ method: "POST", path: "/attempts", json: body, signal });
    return new AttemptTransport(this, begun);
  }

  /** An attempt begun before the page was reloaded. */
  revive(attempt: number, nonce: string): AttemptTransport {
    return new AttemptTransport(this, { attempt, nonce, steps: [], attempts_left: 0, submit_by: 0 });
  }

  outcome(signal?: AbortSignal): Promise<Outcome> {
    return this.repeat({ method: "GET", path: "/outcome", signal });
  }

  leave(): Promise<Outcome> {
    return this.repeat({ method: "POST", path: "/leave" });
  }

  end(why: EndReason): Promise<Outcome> {
    return this.repeat({ method: "POST", path: "/session/end", json: { why } });
  }

  /** The same picture sent again, because an answer was lost, is acknowledged again. */
  putPicture(side: Side, jpeg: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<CardAnswer> {
    return this.repeat({ method: "PUT", path: `/documents/${side}`, bytes: jpeg, headers: { "Content-Type": "image/jpeg" }, signal });
  }

  /** How a side is; while it is being read the answer comes with news, or after `wait` seconds. */
  card(side: Side, wait: number, signal: AbortSignal): Promise<CardAnswer> {
    return this.repeat({ method: "GET", path: `/documents/${side}${wait ? `?wait=${wait}` : ""}`, signal });
  }

  async confirm(edits: Record<string, string>, signal: AbortSignal): Promise<Opened> {
    return complete(await this.repeat<Opened>({ method: "POST", path: "/documents/confirm", json: { edits }, signal }));
  }

  /** A code for another device. Safe to repeat: a new one takes the place of the one before. */
  handoff(signal: AbortSignal): Promise<Handoff> {
    return this.repeat({ method: "POST", path: "/handoff", signal });
  }

  /** The session's token, for a code that another device showed. Not repeated on a lost connection: the code works once. */
  async takeOver(code: string): Promise<string> {
    return (await this.once<{ token: string }>({ method: "POST", path: "/handoff/take", json: { handoff_code: code } })).token;
  }

  async ping(now: () => number, signal?: AbortSignal): Promise<Ping> {
    const sent_ms = now();
    const pong = await this.once<{ server_ms: number }>({ method: "POST", path: "/ping", json: { sent_ms }, signal });
    return { sent_ms, server_ms: pong.server_ms, received_ms: now() };
  }

  /** The first outcome that is not `waiting`: streamed where that works, polled otherwise. */
  async waitOutcome(signal: AbortSignal, until: (known: Outcome) => boolean = (known) => known.state !== "waiting"): Promise<Outcome> {
    for (;;) {
      const known = (await this.streamed(signal)) ?? (await this.outcome(signal));
      if (until(known)) return known;
      await sleep(POLL_MS, signal);
    }
  }

  /** The last event of the outcome stream; null if it cannot be had. */
  private async streamed(signal: AbortSignal): Promise<Outcome | null> {
    let last: Outcome | null = null;
    try {
      const response = await this.fetch(`${this.base}${PREFIX}/outcome/stream`, { headers: this.bearer(), signal, cache: "no-store" });
      if (!response.ok || !response.body) return null;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return last;
        text += value;
        const lines = text.split("\n");
        text = lines.pop() ?? "";
        for (const line of lines) if (line.startsWith("data: ")) last = JSON.parse(line.slice(6)) as Outcome;
        if (last && last.state !== "waiting") {
          void reader.cancel().catch(() => {});
          return last;
        }
      }
    } catch (error) {
      if (signal.aborted) throw error;
      return last;
    }
  }

  /** A request that is safe to repeat, until it gets through. */
  async repeat<T>(request: Request): Promise<T> {
    const until = performance.now() + this.patience;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await this.once<T>(request);
      } catch (error) {
        if (!(error instanceof Refused) || !error.passing || performance.now() > until) throw error;
        await sleep(pause, request.signal);
      }
    }
  }

  async once<T>(request: Request): Promise<T> {
    const headers: Record<string, string> = { ...this.bearer(), ...request.headers };
    const init: RequestInit = { method: request.method, headers, cache: "no-store" };
    if (request.signal) init.signal = request.signal;
    if (request.bytes) {
      headers["Content-Type"] ??= "application/octet-stream";
      init.body = request.bytes;
    } else if (request.json !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(request.json);
    }
    return decoded<T>(await this.reach(request, init));
  }

  private async reach(request: Request, init: RequestInit): Promise<Response> {
    try {
      const response = await this.fetch(`${this.base}${PREFIX}${request.path}`, init);
      this.connection(true);
      return response;
    } catch (error) {
      if (request.signal?.aborted) throw error;
      this.connection(false);
      throw new Refused({ problem: "unreachable", detail: "The server cannot be reached.", remedy: "Check the network." });
    }
  }

  private connection(online: boolean): void {
    if (online === this.online) return;
    this.online = online;
    this.onConnection(online);
  }

  private bearer(): Record<string, string> {
    return this.token ? { Authorization: `Bearer ${this.token}` } : {};
  }
}

/** One attempt's requests: every one carries its nonce. */
export class AttemptTransport {
  readonly begun: Begun;
  private readonly transport: Transport;

  constructor(transport: Transport, begun: Begun) {
    this.transport = transport;
    this.begun = begun;
  }

  async light(signal: AbortSignal): Promise<Colour[]> {
    return (await this.repeat<{ colours: Colour[] }>({ method: "POST", path: "/light", signal })).colours;
  }

  async received(signal: AbortSignal): Promise<number> {
    return (await this.repeat<{ received: number }>({ method: "GET", path: "/video", signal })).received;
  }

  async putSlice(offset: number, bytes: Uint8Array<ArrayBuffer>, sha256: string, signal: AbortSignal): Promise<number> {
    const headers = { "X-Slice-SHA256": sha256 };
    return (await this.once<{ received: number }>({ method: "PUT", path: `/video?offset=${offset}`, bytes, headers, signal })).received;
  }

  async trace(batch: TraceBatch, signal: AbortSignal): Promise<number> {
    return (await this.repeat<{ batches: number }>({ method: "POST", path: "/trace", json: batch, signal })).batches;
  }

  finish(size: number, sha256: string, frames: number, signal: AbortSignal): Promise<Outcome> {
    return this.repeat({ method: "POST", path: "/finish", json: { size, sha256, frames }, signal });
  }

  restart(reason: RestartReason): Promise<Outcome> {
    return this.repeat({ method: "POST", path: "/restart", json: { reason } });
  }

  private repeat<T>(request: Request): Promise<T> {
    return this.transport.repeat<T>(this.within(request));
  }

  private once<T>(request: Request): Promise<T> {
    return this.transport.once<T>(this.within(request));
  }

  private within(request: Request): Request {
    return {
      ...request,
      path: `/attempts/${this.begun.attempt}${request.path}`,
      headers: { ...request.headers, "X-Attempt-Nonce": this.begun.nonce },
    };
  }
}

async function decoded<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (response.ok && body !== null) return body as T;
  const known = body as Problem | null;
  const problem = known?.problem ? known : { problem: "answer_invalid", detail: `HTTP ${response.status}`, remedy: "" };
  throw new Refused(problem, response.status);
}
