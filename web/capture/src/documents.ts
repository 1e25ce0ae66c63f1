/** The document's part of the journey: photograph each side, wait until it is read, let the person look at what was read. */

import { type CardTip, CardWatch, form, framing } from "./card.ts";
import type { Box, CardField, CardHint, DocumentPlan, Opened, Outcome, Side } from "./messages.ts";
import { burst, fromFile, Lookout, Unreadable } from "./photo.ts";
import { now, sleep } from "./time.ts";
import { Refused, type Transport } from "./transport.ts";

const LOOK_MS = 110;
const WAIT_S = 20;
const BUSY_TURNS = 5;

/** What the document's screens show. */
export interface CardView {
  side: Side;
  again: boolean; // this side is wanted once more
  reasons: Array<CardHint | "file">; // ... because of this; `file`: it could not be opened here
  retakesLeft: number;
  ready: boolean; // the camera shows a picture
  tip: CardTip | null;
  steady: number;
  manual: boolean; // the person may release the shutter
  sent: boolean;
  picture: string; // address of the photo that is sent
  photos: Partial<Record<Side, string>>; // ... and of those that were accepted
  fields: CardField[];
  edits: Record<string, string>;
  refused: boolean;
}

/** Before anything is known. */
export const NO_CARD: CardView = {
  side: "front",
  again: false,
  reasons: [],
  retakesLeft: 0,
  ready: false,
  tip: "fit",
  steady: 0,
  manual: false,
  sent: false,
  picture: "",
  photos: {},
  fields: [],
  edits: {},
  refused: false,
};

type Event = "DOCUMENT" | "READING" | "SHOT" | "RETAKE" | "READ" | "NEXT_SIDE" | "DOCUMENT_DONE";

/** What the steps need of the capture they are a part of. */
export interface Host {
  readonly video: HTMLVideoElement;
  readonly transport: Transport;
  opened(): Opened | null;
  show(card: CardView): void;
  dispatch(event: Event): void;
  alive(): void;
  openCamera(signal: AbortSignal): Promise<void>;
  reopen(signal: AbortSignal): Promise<Opened>;
  keep(opened: Opened): void;
  conclude(outcome: Outcome): void;
}

export class DocumentSteps {
  private readonly host: Host;
  private readonly lookout = new Lookout();
  private card: CardView = NO_CARD;
  private photo: Blob | null = null;
  private shooting = false;
  /** The album is open: on a phone that hides the page, which must not disturb. */
  picking = false;
  private signal: AbortSignal | null = null;

  constructor(host: Host) {
    this.host = host;
  }

  get plan(): DocumentPlan | null {
    return this.host.opened()?.document ?? null;
  }

  /** Whether a document comes before the face. */
  get pending(): boolean {
    return this.plan !== null && !this.plan.confirmed;
  }

  /** Forget everything: another session, or the same one opened anew. */
  reset(): void {
    this.drop();
    this.forget();
    this.put(NO_CARD);
  }

  // --- what the states do --------------------------------------------------------------------------------------------

  /** Where the document stands decides what is next. */
  async arrive(signal: AbortSignal): Promise<void> {
    const plan = this.plan as DocumentPlan;
    const side = this.missing(plan);
    const known = await this.host.transport.card(side ?? plan.sides[0] ?? "front", 0, signal);
    this.put({ retakesLeft: known.retakes_left });
    if (!side) {
      this.put({ fields: known.fields });
      return this.host.dispatch("READ");
    }
    if (side !== this.card.side || known.state === "none") this.put({ side, again: false, reasons: [] });
    if (known.state === "retake") this.put({ again: true, reasons: known.hints });
    if (known.state === "reading") this.put({ sent: true });
    this.host.dispatch(known.state === "reading" ? "READING" : "DOCUMENT");
  }

  /** Watch the camera until the photo is taken, by itself or by the person. */
  async frame(signal: AbortSignal): Promise<void> {
    this.signal = signal;
    const { shutter, auto_timeout_ms } = this.plan as DocumentPlan;
    this.drop();
    this.put({ ready: false, tip: "fit", steady: 0, manual: shutter === "manual" });
    await this.host.openCamera(signal);
    const watch = new CardWatch();
    const begun = now();
    while (!signal.aborted) {
      await sleep(LOOK_MS, signal);
      const part = this.part;
      if (!part || this.shooting || this.picking) continue;
      const { tip, steady, rested } = watch.update(this.lookout.look(this.host.video, part), now());
      const late = now() - begun > auto_timeout_ms;
      if (tip !== "fit" && tip !== "dark") this.host.alive();
      this.put({
        ready: true,
        tip,
        steady: shutter === "manual" ? 0 : steady,
        manual: shutter === "manual" || (late && shutter === "auto_manual"),
      });
      const enough = steady >= 1 || (late && shutter === "auto" && rested >= 1);
      if (enough && shutter !== "manual") await this.shoot();
    }
  }

  /** Take the photo now. */
  async shoot(): Promise<void> {
    const { part, signal } = this;
    if (!part || !signal || signal.aborted || this.shooting) return;
    this.shooting = true;
    try {
      this.take(await burst(this.host.video, part, signal));
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.shooting = false;
    }
  }

  /** A file in place of a photo. */
  async upload(file: Blob | undefined): Promise<void> {
    this.picking = false;
    this.host.alive();
    if (!this.plan?.upload || !file || this.shooting) return;
    this.shooting = true;
    try {
      this.take(await fromFile(file));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.put({ again: true, reasons: ["file"] });
      this.host.dispatch("RETAKE");
    } finally {
      this.shooting = false;
    }
  }

  /** Send the photo, wait for its reading, and go where that leads. */
  async wait(signal: AbortSignal): Promise<void> {
    const { side } = this.card;
    if (!this.card.sent) await this.send(signal);
    this.put({ sent: true });
    const answer = await this.settled(side, signal);
    this.put({ retakesLeft: answer.retakes_left });
    if (answer.state === "refused") {
      this.put({ refused: true, reasons: answer.hints });
      return this.host.conclude(await this.host.transport.outcome(signal));
    }
    const opened = await this.host.reopen(signal);
    if (answer.state === "accepted") this.keep(side);
    else this.drop();
    if (this.over(opened)) return;
    const missing = this.missing(opened.document);
    this.put({ side: missing ?? side, sent: false, again: answer.state !== "accepted", reasons: answer.hints });
    if (answer.state !== "accepted") return this.host.dispatch("RETAKE");
    if (missing) return this.host.dispatch("NEXT_SIDE");
    this.put({ fields: answer.fields, edits: {} });
    this.host.dispatch("READ");
  }

  /** The person has seen what was read. */
  async confirm(signal: AbortSignal): Promise<void> {
    const read = Object.fromEntries(this.card.fields.map(({ name, value }) => [name, value]));
    const edits = Object.fromEntries(Object.entries(this.card.edits).filter(([name, value]) => value.trim() !== read[name]));
    const opened = await this.host.transport.confirm(edits, signal);
    this.host.keep(opened);
    this.forget();
    this.put({ fields: [], edits: {} });
    this.over(opened);
  }

  /** The person corrects a field; one that stands for several names corrects them all. */
  edit(names: readonly string[], value: string): void {
    this.host.alive();
    this.put({ edits: { ...this.card.edits, ...Object.fromEntries(names.map((name) => [name, value])) } });
  }

  /** The person wants to photograph a side once more. */
  retake(side: Side): void {
    this.put({ side, again: true, reasons: [], sent: false });
    this.host.alive();
    this.host.dispatch("RETAKE");
  }

  // --- beneath -------------------------------------------------------------------------------------------------------

  /** True if nothing is left to do with the document; what comes next has been told. */
  private over(opened: Opened): boolean {
    if (opened.state === "pass" || opened.state === "fail")
      this.host.conclude({ state: opened.state, hint: "", attempts_left: opened.attempts_left, sandbox: opened.sandbox });
    else if (opened.document?.confirmed) this.host.dispatch("DOCUMENT_DONE");
    else return false;
    return true;
  }

  private missing(plan: DocumentPlan | null): Side | null {
    return plan?.sides.find((side) => !plan.done_sides.includes(side)) ?? null;
  }

  /** What is photographed, in pixels of the video; null while there is no picture. */
  private get part(): Box | null {
    const { videoWidth: wide, videoHeight: tall, readyState } = this.host.video;
    if (!this.plan || !wide || !tall || readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    const [x, y, width, height] = framing(wide / tall, form(this.plan)).crop;
    return [x * wide, y * tall, width * wide, height * tall];
  }

  private take(photo: Blob): void {
    this.drop();
    this.photo = photo;
    this.put({ picture: URL.createObjectURL(photo), sent: false });
    this.host.dispatch("SHOT");
  }

  private async send(signal: AbortSignal): Promise<void> {
    if (!this.photo) return;
    const bytes = new Uint8Array(await this.photo.arrayBuffer());
    for (let turn = 1; ; turn++) {
      try {
        await this.host.transport.putPicture(this.card.side, bytes, signal);
        return;
      } catch (error) {
        if (!(error instanceof Refused) || error.problem !== "document_busy" || turn > BUSY_TURNS) throw error;
        for (const side of this.plan?.sides ?? []) await this.settled(side, signal); // another page of this session sent one
      }
    }
  }

  private async settled(side: Side, signal: AbortSignal) {
    for (;;) {
      const answer = await this.host.transport.card(side, WAIT_S, signal);
      if (answer.state !== "reading") return answer;
    }
  }

  /** An accepted photo stays for the review. */
  private keep(side: Side): void {
    const { picture, photos } = this.card;
    if (!picture) return;
    if (photos[side]) URL.revokeObjectURL(photos[side]);
    this.photo = null;
    this.put({ picture: "", photos: { ...photos, [side]: picture } });
  }

  private forget(): void {
    for (const address of Object.values(this.card.photos)) URL.revokeObjectURL(address);
    if (Object.keys(this.card.photos).length) this.put({ photos: {} });
  }

  private drop(): void {
    this.photo = null;
    if (this.card.picture) URL.revokeObjectURL(this.card.picture);
    if (this.card.picture) this.put({ picture: "" });
  }

  private put(changes: Partial<CardView>): void {
    const before = this.card as unknown as Record<string, unknown>;
    if (!Object.entries(changes).some(([name, value]) => before[name] !== value)) return;
    this.card = { ...this.card, ...changes };
    this.host.show(this.card);
  }
}
