/** What the start page asks the server. */

export interface Demo {
  address: string;
  account: string;
  levels: number[];
  python: string;
}

export interface Simulation {
  state: "idle" | "running" | "done" | "failed";
  token: string;
  subject: string;
  lines: string[];
  outcome: "" | "pass" | "retry" | "fail" | "expired";
}

export interface Result {
  token: string;
  level: number;
  who: "me" | "simulated";
  when: number | string;
  code: string;
  description: string;
  without_light: boolean;
  passed: boolean | null;
  explain: string;
}

export interface Results {
  results: Result[];
}

export class DemoError extends Error {
  readonly problem: string;
  readonly remedy: string;

  constructor(problem: string, detail: string, remedy: string) {
    super(detail);
    this.problem = problem;
    this.remedy = remedy;
  }
}

async function ask<T>(path: string, body?: unknown): Promise<T> {
  const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, body === undefined ? {} : post).catch(() => {
    throw new DemoError("unreachable", "The server does not answer.", "Check that openekyc is running.");
  });
  const answer = (await response.json().catch(() => null)) as (T & { problem?: string; detail?: string; remedy?: string }) | null;
  if (response.ok && answer) return answer;
  throw new DemoError(answer?.problem ?? "failed", answer?.detail ?? `The server answered HTTP ${response.status}.`, answer?.remedy ?? "");
}

export const demo = {
  about: (): Promise<Demo> => ask("/demo"),
  session: (level: number, who: "me" | "simulated"): Promise<{ token: string; verify: string }> => ask("/demo/sessions", { level, who }),
  simulate: (token: string, subject: string): Promise<Simulation> => ask("/demo/simulate", { token, subject }),
  /** A new address each time, so that the picture is fetched anew. */
  frame: (turn: number): string => `/demo/simulate/frame?${turn}`,
  simulation: (): Promise<Simulation> => ask("/demo/simulate"),
  results: (): Promise<Results> => ask("/demo/results"),
};
