/** What a screen reader hears: one message at a time, none twice in a row, none sooner than 1.5 s after the one before. */

const GAP_MS = 1500;

export class Announcer {
  private readonly say: (text: string) => void;
  private last = "";
  private at = Number.NEGATIVE_INFINITY;
  private waiting: ReturnType<typeof setTimeout> | null = null;

  constructor(say: (text: string) => void) {
    this.say = say;
  }

  /** Say `text`; a newer one replaces what is still waiting. */
  announce(text: string): void {
    if (this.waiting !== null) clearTimeout(this.waiting);
    this.waiting = null;
    if (!text || text === this.last) return;
    const left = this.at + GAP_MS - performance.now();
    if (left > 0) this.waiting = setTimeout(() => this.announce(text), left);
    else this.now(text);
  }

  stop(): void {
    if (this.waiting !== null) clearTimeout(this.waiting);
  }

  private now(text: string): void {
    this.last = text;
    this.at = performance.now();
    this.say(text);
  }
}
