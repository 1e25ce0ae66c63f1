import { describe, expect, it } from "vitest";
import { CAMERA, ENDS, type EventName, moves, next, PERSON, RUNNING, resume, STATES, type State } from "../src/machine.ts";

/** Where one event leads; staying depends on where one came from. */
function after(state: State, event: EventName): State[] {
  if (state === "leave_ask" && (event === "STAY" || event === "CANCEL"))
    return STATES.filter((from) => next(from, "CANCEL") === "leave_ask").map(resume);
  const to = next(state, event);
  return to ? [to] : [];
}

function reachable(from: State, events: (state: State) => EventName[] = moves): Set<State> {
  const seen = new Set<State>([from]);
  for (const state of seen) for (const event of events(state)) for (const to of after(state, event)) seen.add(to);
  return seen;
}

describe("the state graph", () => {
  it("has no dead ends: from every state the journey can be finished", () => {
    const dead = STATES.filter((state) => !reachable(state).has("gone"));
    expect(dead).toEqual([]);
  });

  it("lets the person out of every state without anybody's help", () => {
    const byPerson = (state: State): EventName[] => moves(state).filter((event) => PERSON.includes(event));
    const stuck = STATES.filter((state) => !reachable(state, byPerson).has("gone"));
    expect(stuck).toEqual([]);
  });

  it("reaches every state from the beginning", () => {
    const seen = reachable("boot");
    expect(STATES.filter((state) => !seen.has(state))).toEqual([]);
  });

  it("gives every running step a way back when it is disturbed", () => {
    for (const state of RUNNING) {
      expect(next(state, "INTERRUPTED")).toBe("restarting");
      expect(next(state, "HIDDEN")).toBe("restarting");
    }
  });

  it("lets the document be photographed again from wherever it is looked at, and waits on for a photo that was sent", () => {
    for (const state of ["document_intro", "document_frame", "document_wait", "document_review"] as State[])
      expect(next(state, "RETAKE")).toBe("document_intro");
    expect(resume("document_wait")).toBe("document_wait");
    expect(resume("document_frame")).toBe("camera_ask");
    expect(resume("document_review")).toBe("document_review");
  });

  it("goes from the document to the face, or straight to the result where nothing else was asked", () => {
    for (const state of ["document_wait", "document_confirm"] as State[]) {
      expect(next(state, "DOCUMENT_DONE")).toBe("camera_ask");
      expect(next(state, "PASS")).toBe("passed");
      expect(next(state, "FAIL")).toBe("failed");
    }
  });

  it("goes on from the first screen only after what was agreed to is kept, or at once where nothing was asked", () => {
    expect(next("intro", "CONSENT")).toBe("agreeing");
    expect(next("agreeing", "CONSENT_KEPT")).toBe("camera_ask");
    expect(next("agreeing", "TROUBLE")).toBe("trouble");
    expect(next("agreeing", "CONSENT")).toBeNull();
    expect(next("agreeing", "AGREE")).toBeNull();
    expect(next("intro", "AGREE")).toBe("camera_ask");
    expect(resume("agreeing")).toBe("agreeing");
  });

  it("ends when time is over, wherever it is", () => {
    for (const state of STATES) if (!ENDS.includes(state) && state !== "gone") expect(next(state, "TIME_OUT")).toBe("timed_out");
  });

  it("ignores what means nothing in a state", () => {
    expect(next("intro", "STEADY")).toBeNull();
    expect(next("passed", "CANCEL")).toBeNull();
    expect(next("gone", "AGAIN")).toBeNull();
  });

  it("keeps the camera off in every end", () => {
    for (const state of [...ENDS, "gone", "intro", "handoff", "paused", "trouble", "document_review"] as State[])
      expect(CAMERA).not.toContain(state);
  });
});
