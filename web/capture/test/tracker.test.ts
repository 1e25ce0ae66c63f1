import { beforeEach, describe, expect, it, vi } from "vitest";
import type { FromWorker, ToWorker } from "../src/tracker/link.ts";
import { Tracker, type TrackerFiles } from "../src/tracker/tracker.ts";

class FakeWorker {
  readonly told: ToWorker[] = [];
  private readonly hear = new Map<string, (event: unknown) => void>();
  addEventListener(name: string, listener: (event: unknown) => void): void {
    this.hear.set(name, listener);
  }
  postMessage(message: ToWorker): void {
    this.told.push(message);
  }
  terminate(): void {}
  say(data: FromWorker): void {
    this.hear.get("message")?.({ data });
  }
  seen(at: number): void {
    this.say({ kind: "seen", seen: { at, faces: [] } });
  }
  get frames(): number[] {
    return this.told.flatMap((message) => (message.kind === "frame" ? [message.at] : []));
  }
}

const video = { videoWidth: 640, videoHeight: 480 } as HTMLVideoElement;
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
let bitmap: ReturnType<typeof vi.fn>;

function ready(): { tracker: Tracker; worker: FakeWorker } {
  const worker = new FakeWorker();
  const tracker = new Tracker();
  tracker.load({ loader: "l", binary: "b", model: "m", total: 1, worker: () => worker as unknown as Worker } satisfies TrackerFiles);
  worker.say({ kind: "ready" });
  return { tracker, worker };
}

beforeEach(() => {
  bitmap = vi.fn(async () => ({ close: () => {} }));
  vi.stubGlobal("createImageBitmap", bitmap);
});

describe("tracker", () => {
  it("fetches one frame while another is looked at, and leaves out what comes meanwhile", async () => {
    const { tracker, worker } = ready();
    for (const at of [10, 20, 30]) tracker.offer(video, at);
    await settled();
    expect(worker.frames).toEqual([10, 20]);
    worker.seen(10);
    tracker.offer(video, 40);
    await settled();
    expect(worker.frames).toEqual([10, 20, 40]);
  });

  it("hands over a smaller picture of the same shape", () => {
    ready().tracker.offer(video, 10);
    expect(bitmap).toHaveBeenCalledWith(video, { resizeWidth: 384, resizeHeight: 288 });
  });

  it("goes on after a video that had no picture yet", async () => {
    const { tracker, worker } = ready();
    bitmap.mockRejectedValueOnce(new DOMException("no picture"));
    tracker.offer(video, 10);
    await settled();
    for (const at of [20, 30]) tracker.offer(video, at);
    await settled();
    expect(worker.frames).toEqual([20, 30]);
  });

  it("keeps the pause between two looks that it was asked for", async () => {
    const { tracker, worker } = ready();
    tracker.pauseMs = 100;
    for (const at of [1010, 1060, 1110]) tracker.offer(video, at);
    await settled();
    expect(worker.frames).toEqual([1010, 1110]);
  });

  it("tells the worker how many people to look for, once, and after loading", () => {
    const { tracker, worker } = ready();
    for (const people of [1, 1, 2]) tracker.expect(people);
    expect(worker.told.flatMap((message) => (message.kind === "expect" ? [message.people] : []))).toEqual([2, 1, 2]);
  });

  it("fails when the worker answers no more", () => {
    const { tracker } = ready();
    tracker.offer(video, 10);
    tracker.offer(video, 9000);
    expect(tracker.state).toBe("failed");
  });
});
