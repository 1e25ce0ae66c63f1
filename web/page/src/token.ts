/** The token comes with the address and does not stay there: addresses end up in histories, logs and screenshots. */

import type { Memory } from "../../capture/src/capture.ts";

const PREFIX = "openekyc.";

/** What this tab remembers until it is closed, so that a reload goes on. */
export function tabMemory(): Memory {
  return {
    get: (key) => {
      try {
        return sessionStorage.getItem(PREFIX + key);
      } catch {
        return null; // storage is blocked: a reload begins anew
      }
    },
    set: (key, value) => {
      try {
        if (value === null) sessionStorage.removeItem(PREFIX + key);
        else sessionStorage.setItem(PREFIX + key, value);
      } catch {
        // as above
      }
    },
  };
}

/** `#token=` or `?token=`, or what another device's `#code=` is exchanged for; else the one this tab came with before a reload. */
export async function takeToken(exchange: (code: string) => Promise<string>): Promise<string> {
  const memory = tabMemory();
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.replace(/^#/, ""));
  const code = fragment.get("code");
  const given = fragment.get("token") ?? query.get("token");
  if (code === null && given === null) return memory.get("token") ?? "";
  query.delete("token");
  const rest = query.toString();
  history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : ""));
  // A code that works no more leaves the tab with what it had.
  const token = code === null ? given : await exchange(code).catch(() => null);
  if (token === null) return memory.get("token") ?? "";
  if (token !== memory.get("token")) memory.set("attempt", null);
  memory.set("token", token);
  return token;
}
