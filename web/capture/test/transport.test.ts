import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { NO_BRAND } from "../src/messages.ts";
import { Refused, Transport } from "../src/transport.ts";
import { Upload } from "../src/upload.ts";

type Handler = (url: URL, init: RequestInit) => Response | Promise<Response>;

function session(handler: Handler, onConnection: (online: boolean) => void = () => {}): Transport {
  const fetch = (async (input: RequestInfo | URL, init: RequestInit = {}) =>
    handler(new URL(String(input), "http://server"), init)) as typeof globalThis.fetch;
  return new Transport({ base: "http://server", token: "T", patienceMs: 3000, onConnection, fetch });
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });
const problem = (name: string, status: number, more: object = {}): Response =>
  json({ problem: name, detail: name, remedy: "", ...more }, status);

describe("transport", () => {
  it("sends the token, and repeats what is safe to repeat until the connection is back", async () => {
    let calls = 0;
    const told: boolean[] = [];
    const transport = session(
      (_, init) => {
        expect(new Headers(init.headers).get("authorization")).toBe("Bearer T");
        if (++calls < 3) throw new TypeError("no network");
        return json({ state: "waiting", hint: "", attempts_left: 3, sandbox: true });
      },
      (online) => told.push(online),
    );
    expect((await transport.outcome()).attempts_left).toBe(3);
    expect(told).toEqual([false, true]);
  });

  it("does not begin twice when the answer is lost", async () => {
    let calls = 0;
    const transport = session(() => {
      calls++;
      throw new TypeError("no network");
    });
    await expect(transport.begin({ light: true, unable: [], waited_ms: 0 })).rejects.toMatchObject({ problem: "unreachable" });
    expect(calls).toBe(1);
  });

  it("asks for a code for another device, and exchanges one without a token", async () => {
    const asked: [string, string | null, unknown][] = [];
    const handler: Handler = (url, init) => {
      asked.push([url.pathname, new Headers(init.headers).get("authorization"), init.body && JSON.parse(String(init.body))]);
      return url.pathname.endsWith("/take") ? json({ token: "T" }) : json({ handoff_code: "C", seconds: 300 }, 201);
    };
    expect(await session(handler).handoff(new AbortController().signal)).toEqual({ handoff_code: "C", seconds: 300 });
    const fetch = (async (input: RequestInfo | URL, init: RequestInit = {}) =>
      handler(new URL(String(input), "http://server"), init)) as typeof globalThis.fetch;
    expect(await new Transport({ base: "http://server", token: "", fetch }).takeOver("C")).toBe("T");
    expect(asked).toEqual([
      ["/capture/v1/handoff", "Bearer T", undefined],
      ["/capture/v1/handoff/take", null, { handoff_code: "C" }],
    ]);
  });

  it("passes refusals on with their name and the way back", async () => {
    const transport = session(() => problem("token_expired", 410, { redirect_url: "https://shop.example/back" }));
    const refused = await transport.outcome().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({ problem: "token_expired", redirectUrl: "https://shop.example/back" });
  });

  it("understands servers that know no page terms", async () => {
    const transport = session(() => json({ state: "waiting", attempts_left: 1 }));
    const opened = await transport.open({} as never);
    expect(opened.policy.handoff).toBe("off");
    expect(opened.page.redirect_url).toBe("");
    expect(opened.brand).toEqual(NO_BRAND);
  });

  it("makes links only of addresses that may be links", async () => {
    const brand = {
      name: "Acme",
      logo: "//evil.example/x.png",
      privacy_url: "javascript:alert(1)",
      terms_url: "http://a.example",
      support: "data:x",
    };
    const transport = session(() => json({ state: "waiting", attempts_left: 1, brand }));
    expect((await transport.open({} as never)).brand).toEqual({ ...NO_BRAND, name: "Acme" });
  });

  it("sends what was agreed to until it arrives, and wants no answer", async () => {
    const sent: unknown[] = [];
    const transport = session((url, init) => {
      if (!sent.length) {
        sent.push("lost");
        throw new TypeError("no network");
      }
      sent.push(url.pathname, JSON.parse(String(init.body)));
      return new Response(null, { status: 204 });
    });
    await transport.consent("I agree.", "en");
    expect(sent).toEqual(["lost", "/capture/v1/consent", { language: "en", text: "I agree." }]);
  });

  it("tells who had asked, where a refusal says so", async () => {
    const transport = session(() => problem("token_expired", 410, { brand: { name: "Acme", support: "tel:+1" } }));
    const refused = (await transport.outcome().catch((error: unknown) => error)) as Refused;
    expect(refused.brand).toEqual({ ...NO_BRAND, name: "Acme", support: "tel:+1" });
  });
});

/** A server that keeps a recording as the real one does, and now and then loses a connection or stores half a piece. */
function keeper(faults: string[]): { handler: Handler; stored: () => Buffer } {
  let stored = Buffer.alloc(0);
  return {
    stored: () => stored,
    handler: async (url, init) => {
      if (init.method === "GET") return json({ received: stored.length });
      const offset = Number(url.searchParams.get("offset"));
      const data = Buffer.from(init.body as Uint8Array);
      expect(new Headers(init.headers).get("x-slice-sha256")).toBe(createHash("sha256").update(data).digest("hex"));
      const fault = faults.shift();
      if (fault === "lost") throw new TypeError("no network");
      if (offset !== stored.length) return problem("offset_wrong", 409, { received: stored.length });
      stored = Buffer.concat([stored, fault === "half" ? data.subarray(0, data.length >> 1) : data]);
      if (fault === "answer_lost" || fault === "half") throw new TypeError("no network");
      return json({ received: stored.length });
    },
  };
}

describe("upload", () => {
  it.each([[[]], [["lost"]], [["answer_lost"]], [["half"]], [["", "answer_lost", "lost", "half"]]])(
    "arrives whole after %j",
    async (faults) => {
      const { handler, stored } = keeper([...faults]);
      const attempt = session(handler).revive(1, "n");
      const upload = new Upload(attempt, 1_000_000, new AbortController().signal, () => {});
      const pieces = Array.from({ length: 6 }, (_, place) => Buffer.alloc(9000 + place, place + 1));
      for (const piece of pieces) upload.add(new Blob([piece]));
      const sha256 = await upload.finish();
      const whole = Buffer.concat(pieces);
      expect(stored().equals(whole)).toBe(true);
      expect(sha256).toBe(createHash("sha256").update(whole).digest("hex"));
      expect(upload.sent).toBe(whole.length);
    },
  );

  it("reports what the server refuses for good", async () => {
    const attempt = session(() => problem("recording_too_large", 413)).revive(1, "n");
    const upload = new Upload(attempt, 1_000_000, new AbortController().signal, () => {});
    upload.add(new Blob([Buffer.alloc(20_000)]));
    await expect(upload.finish()).rejects.toMatchObject({ problem: "recording_too_large" });
  });
});
