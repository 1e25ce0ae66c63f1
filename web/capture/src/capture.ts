/**
 * The headless core: follows the state machine and does what each state asks for. A page gives it a token, listens to `change`, shows
 * `view`, and calls `send` for what the person does.
 */

import { Attempt, Interrupted, type Interruption, type StepView } from "./attempt.ts";
import { Camera, type CameraChoice, CameraError, type CameraFault, cameras, type Facing, mayFilm } from "./camera.ts";
import { type CardView, DocumentSteps, NO_CARD } from "./documents.ts";
import { fitted } from "./lens.ts";
import { CAMERA, type EventName, next, RUNNING, resume, type State } from "./machine.ts";
import {
  type Brand,
  type ClientInfo,
  type Gesture,
  NO_BRAND,
  type Opened,
  type Outcome,
  type RestartReason,
  type Thresholds,
} from "./messages.ts";
import { Positioning, type Tip } from "./position.ts";
import { supportedFormats, workingFormat } from "./recorder.ts";
import { eachFrame, type Sample, Sampler } from "./sampler.ts";
import { type Unsupported, unsupported } from "./support.ts";
import { now, sleep, unless } from "./time.ts";
import { Tracker, type TrackerFiles, type TrackerState } from "./tracker/tracker.ts";
import { type AttemptTransport, Refused, Transport } from "./transport.ts";

const VERSION = "0.1.0";
const RESTART_SHOWN_MS = 2400;
const CHOICE_SHOWN_MS = 4500;
const GUIDED_MS = 5000;
const FORCE_MS = 15_000; // then the person may start although the hints disagree
const IDLE_WARNING_MS = 15_000;
const TICK_MS = 250;
const RENEWED = 0.9; // of a code's life, when the next one takes its place
const SELDOM_MS = 120; // between two looks at the face while it only has to be there
const IDLE_STATES: readonly State[] = [
  "intro",
  "camera_ask",
  "camera_help",
  "document_intro",
  "document_frame",
  "document_review",
  "position",
  "retry",
];

/** What survives a reload of the page, if the page wants that. */
export interface Memory {
  get(key: string): string | null;
  set(key: string, value: string | null): void;
}

export interface CaptureOptions {
  token: string;
  /** Address of the server, "" for the page's own origin. */
  base?: string;
  language?: string;
  reducedMotion?: boolean;
  memory?: Memory;
  /** Where the tracker's files lie; null: no tracker, the timer guides. */
  tracker?: TrackerFiles | null;
  fetch?: typeof fetch;
}

/** Everything a page shows. */
export interface View {
  state: State;
  opened: Opened | null;
  brand: Brand; // who asks; known even of a session that cannot be opened any more
  unsupported: Unsupported | null;
  fault: CameraFault | null;
  allowed: boolean; // the browser will not ask for the camera
  uneven: boolean; // the colours were shown too unevenly
  tip: Tip | null;
  steady: number;
  faceLuma: number | null;
  force: boolean;
  guided: boolean; // no tracker: the timer guides
  countdown: number; // seconds, while guided
  tracker: TrackerState;
  trackerProgress: number;
  step: StepView | null;
  interruption: Interruption | null;
  uploaded: number; // 0..1
  outcome: Outcome | null;
  problem: string;
  redirectUrl: string;
  online: boolean;
  cameras: CameraChoice[];
  cameraId: string;
  idleLeft: number | null; // seconds until the session is ended for want of a sign of life
  noLight: boolean; // the person declined flashing colours
  card: CardView;
  handoffCode: string | null; // for another device; null while there is none, "" where the server knows no codes
}

const BLANK: View = {
  state: "boot",
  opened: null,
  brand: NO_BRAND,
  unsupported: null,
  fault: null,
  allowed: false,
  uneven: false,
  tip: null,
  steady: 0,
  faceLuma: null,
  force: false,
  guided: false,
  countdown: 0,
  tracker: "off",
  trackerProgress: 0,
  step: null,
  interruption: null,
  uploaded: 0,
  outcome: null,
  problem: "",
  redirectUrl: "",
  online: true,
  cameras: [],
  cameraId: "",
  idleLeft: null,
  noLight: false,
  card: NO_CARD,
  handoffCode: null,
};

/** Fires `change` whenever `view` changed, `state` after each move. */
export class Capture extends EventTarget {
  readonly video: HTMLVideoElement;
  view: View = BLANK;
  /** Fills the page with a colour for the light step; set by whoever shows the page. */
  paint: (colour: string | null) => void = () => {};
  readonly transport: Transport;
  readonly documents: DocumentSteps;
  private readonly options: CaptureOptions;
  private readonly tracker = new Tracker();
  private readonly sampler = new Sampler();
  private camera: Camera | null = null;
  private cameraControl: AbortController | null = null;
  private readonly chosen: Record<Facing, string> = { user: "", environment: "" };
  private effect = new AbortController();
  private attempt: Attempt | null = null;
  private unfinished: AttemptTransport | null = null;
  private sample: Sample | null = null;
  private format: string | null = null;
  private positioning: Positioning | null = null;
  private unable: Gesture[] = [];
  private agreed = { text: "", language: "" };
  private before: State = "boot";
  private aliveAt = now();
  private tryingSince: number | null = null;
  private readonly clock: ReturnType<typeof setInterval>;

  constructor(options: CaptureOptions) {
    super();
    this.options = options;
    this.transport = new Transport({
      base: options.base ?? "",
      token: options.token,
      onConnection: (online) => this.connection(online),
      ...(options.fetch ? { fetch: options.fetch } : {}),
    });
    this.video = document.createElement("video");
    Object.assign(this.video, { muted: true, playsInline: true, autoplay: true });
    this.video.setAttribute("playsinline", "");
    this.documents = this.documentSteps();
    this.tracker.onState = () => this.set({ tracker: this.tracker.state, trackerProgress: this.tracker.progress, guided: this.guided });
    this.tracker.onSeen = (seen) => {
      this.attempt?.seen(seen);
      this.position();
    };
    document.addEventListener("visibilitychange", this.onVisibility);
    screen.orientation?.addEventListener?.("change", this.onTurned);
    this.clock = setInterval(() => this.tick(), TICK_MS);
  }

  /** Begin. */
  start(): void {
    void mayFilm().then((allowed) => this.set({ allowed }));
    this.enter("boot", "boot");
  }

  /** What the person (or the page for them) does. */
  send(event: EventName): void {
    this.alive();
    this.dispatch(event);
  }

  /**
   * The person agrees, on the first screen, to exactly `text`, which stood there in `language`. The server keeps it with the session, then the
   * journey goes on; `send("AGREE")` goes on without, for where nothing was asked (`skip_consent`).
   */
  agree(text: string, language: string): void {
    if (this.view.state === "intro") this.agreed = { text, language };
    this.send("CONSENT");
  }

  /** A sign of life from the person. */
  alive(): void {
    this.aliveAt = now();
    this.documents.picking = false; // not every browser tells that the album was closed without a choice
    if (this.view.idleLeft !== null) this.set({ idleLeft: null });
  }

  /** The person declines flashing colours, where the policy lets them. */
  declineLight(declined: boolean): void {
    this.set({ noLight: declined && (this.view.opened?.policy.no_light ?? false) });
  }

  /** Whether this device failed to show the colours evenly and the person may do without. */
  get lightTroubles(): boolean {
    const { uneven, opened, noLight } = this.view;
    return uneven && (opened?.policy.no_light ?? false) && !noLight;
  }

  /** "I cannot do this": another gesture is drawn. */
  cannot(): void {
    const gesture = this.view.step?.gesture;
    if (!gesture || !this.view.opened?.policy.other_gesture) return;
    this.unable = [...new Set([...this.unable, gesture])];
    this.interrupt("unable");
  }

  /** Use this camera from now on. */
  choose(cameraId: string): void {
    this.alive();
    this.chosen[this.facing] = cameraId;
    this.set({ cameraId });
    this.closeCamera();
    if (this.view.state === "position" || this.view.state === "document_frame") this.dispatch("AGAIN");
  }

  /** End everything: tracks, timers, worker, requests. */
  dispose(): void {
    clearInterval(this.clock);
    document.removeEventListener("visibilitychange", this.onVisibility);
    screen.orientation?.removeEventListener?.("change", this.onTurned);
    this.effect.abort(new Error("disposed"));
    this.attempt?.signal.aborted || this.attempt?.interrupt("camera");
    this.closeCamera();
    this.tracker.stop();
  }

  // --- the machine -------------------------------------------------------------------------------------------------

  private dispatch(event: EventName): void {
    const from = this.view.state;
    const to = event === "STAY" || (event === "CANCEL" && from === "leave_ask") ? resume(this.before) : next(from, event);
    if (to !== null && !(from === "leave_ask" && to === "leave_ask")) this.enter(to, from);
  }

  private enter(state: State, from: State): void {
    this.effect.abort(new Error("left"));
    this.effect = new AbortController();
    if (state === "leave_ask") this.before = from;
    if (!CAMERA.includes(state)) this.closeCamera();
    if (this.attempt && !RUNNING.includes(state) && state !== "uploading") this.dropAttempt();
    this.set({ state, idleLeft: null, ...(RUNNING.includes(state) ? {} : { step: null }) });
    this.dispatchEvent(new CustomEvent("state", { detail: { state, from } }));
    this.run(state, this.effect.signal);
  }

  private run(state: State, signal: AbortSignal): void {
    const effects: Partial<Record<State, (signal: AbortSignal) => Promise<void>>> = {
      boot: (s) => this.boot(s),
      handoff: (s) => this.handoff(s),
      agreeing: (s) => this.keepConsent(s),
      camera_ask: (s) => (this.documents.pending ? this.documents.arrive(s) : this.askCamera(s)),
      document_frame: (s) => this.documents.frame(s),
      document_wait: (s) => this.documents.wait(s),
      document_confirm: (s) => this.documents.confirm(s),
      position: (s) => this.findFormat(s),
      starting: (s) => this.begin(s),
      uploading: () => this.submit(),
      judging: (s) => this.judge(s),
      restarting: (s) => this.restart(s),
      left: () => this.end("left"),
      timed_out: () => this.end("timed_out"),
    };
    effects[state]?.(signal).catch((error: unknown) => {
      if (!signal.aborted) this.failed(error);
    });
  }

  /** What an error means for the journey. */
  private failed(error: unknown): void {
    if (error instanceof Interrupted) return this.interrupt(error.reason);
    if (error instanceof CameraError) {
      this.set({ fault: error.fault });
      return this.dispatch("CAMERA_FAULT");
    }
    if (!(error instanceof Refused)) {
      console.error("openekyc", error);
      this.set({ problem: "internal" });
      return this.dispatch("TROUBLE");
    }
    const { redirectUrl, brand } = this.view;
    this.set({ problem: error.problem, redirectUrl: error.redirectUrl || redirectUrl, brand: error.brand ?? brand });
    switch (error.problem) {
      case "token_expired":
      case "token_unknown":
      case "too_many_unknown":
      case "token_missing":
        return this.dispatch("EXPIRED");
      case "attempt_timed_out":
        return this.dispatch("TIME_OUT");
      case "retries_used_up":
        return this.dispatch("FAIL");
      case "session_finished":
        void this.finished();
        return;
      default:
        if (error.problem === "document_required") return this.dispatch("TROUBLE"); // opened elsewhere meanwhile: begin from the beginning
        if (RUNNING.includes(this.view.state) || this.view.state === "uploading") return this.interrupt("connection");
        this.dispatch("TROUBLE");
    }
  }

  private async finished(): Promise<void> {
    try {
      this.conclude(await this.transport.outcome());
    } catch {
      this.dispatch("EXPIRED");
    }
  }

  private conclude(outcome: Outcome): void {
    this.set({ outcome });
    const events: Partial<Record<Outcome["state"], EventName>> = { pass: "PASS", retry: "RETRY", fail: "FAIL", expired: "EXPIRED" };
    const event = events[outcome.state];
    if (event) this.dispatch(event);
  }

  // --- what the states do --------------------------------------------------------------------------------------------

  private async boot(signal: AbortSignal): Promise<void> {
    const obstacle = unsupported();
    const { online, allowed, cameraId, noLight, tracker, trackerProgress, brand } = this.view;
    this.set({
      ...BLANK,
      brand,
      online,
      allowed,
      cameraId,
      noLight,
      tracker,
      trackerProgress,
      guided: tracker === "failed",
      unsupported: obstacle,
    });
    if (obstacle) return this.dispatch("UNSUPPORTED");
    this.documents.reset();
    const submitted = await this.leftBehind(signal);
    const opened = this.keepOpened(await this.transport.open(this.info(), signal));
    if (this.options.tracker) this.tracker.load(this.options.tracker);
    else this.set({ guided: true });
    if (opened.state !== "waiting" && opened.state !== "retry") return this.conclude(await this.transport.outcome(signal));
    if (submitted) return this.dispatch("SUBMITTED");
    const { skip_intro, skip_consent } = opened.page;
    this.dispatch(skip_intro && skip_consent && !opened.light ? "OPENED_SKIP" : "OPENED");
  }

  /** An attempt that a reload of the page cut off is given up; true if it had been submitted already. */
  private async leftBehind(signal: AbortSignal): Promise<boolean> {
    const kept = this.options.memory?.get("attempt");
    if (!kept) return false;
    this.options.memory?.set("attempt", null);
    try {
      const { attempt, nonce } = JSON.parse(kept) as { attempt: number; nonce: string };
      await this.transport.revive(attempt, nonce).restart("connection");
      return false;
    } catch (error) {
      if (signal.aborted || (error instanceof Refused && error.passing)) throw error;
      return error instanceof Refused && error.problem === "attempt_closed" && (await this.transport.outcome(signal)).state === "waiting";
    }
  }

  private async handoff(signal: AbortSignal): Promise<void> {
    this.set({ handoffCode: null });
    void this.offerCodes(signal).catch((error: unknown) => {
      if (!signal.aborted) this.failed(error);
    });
    this.conclude(await this.transport.waitOutcome(signal, (known) => ["pass", "fail", "expired"].includes(known.state)));
  }

  /** One code after the other: each is good for some minutes only. */
  private async offerCodes(signal: AbortSignal): Promise<void> {
    for (;;) {
      const offer = await this.transport.handoff(signal).catch((error: unknown) => {
        if (error instanceof Refused && error.problem === "path_unknown") return null; // a server of before there were codes
        throw error;
      });
      this.set({ handoffCode: offer?.handoff_code ?? "" });
      if (!offer) return;
      await sleep(RENEWED * 1000 * offer.seconds, signal);
    }
  }

  private async keepConsent(signal: AbortSignal): Promise<void> {
    const { text, language } = this.agreed;
    await this.transport.consent(text, language, signal).catch((error: unknown) => {
      if (!(error instanceof Refused) || error.problem !== "path_unknown") throw error; // a server of before this was kept
    });
    this.dispatch("CONSENT_KEPT");
  }

  private async askCamera(signal: AbortSignal): Promise<void> {
    this.tryingSince ??= now();
    await this.openCamera(signal);
    this.tracker.pauseMs = 0;
    this.tracker.expect(2); // only while the person takes position: whoever comes later is the server's concern
    this.positioning = this.thresholds ? new Positioning(this.thresholds) : null;
    this.set({ tip: "no_face", steady: 0, force: false, interruption: null, uploaded: 0, countdown: GUIDED_MS / 1000 });
    this.dispatch("CAMERA_READY");
  }

  /** Have the camera for what is next: the document's, or the face's. */
  private async openCamera(signal: AbortSignal): Promise<void> {
    if (!this.camera?.live || this.camera.facing !== this.facing) await this.openAnother(signal);
    await unless(
      signal,
      this.video.play().catch(() => {}),
    ); // a video that was taken out of the page is paused
  }

  private get facing(): Facing {
    return this.documents.pending ? "environment" : "user";
  }

  private async openAnother(signal: AbortSignal): Promise<void> {
    this.closeCamera();
    const camera = await Camera.open(this.chosen[this.facing], this.facing);
    if (signal.aborted) return camera.stop();
    this.camera = camera;
    this.format = null;
    const control = new AbortController();
    this.cameraControl = control;
    camera.onLost(() => {
      if (control.signal.aborted) return;
      this.set({ fault: "lost" });
      if (RUNNING.includes(this.view.state)) this.interrupt("camera");
      else this.dispatch("CAMERA_FAULT");
    });
    this.video.srcObject = camera.stream;
    eachFrame(this.video, control.signal, (at, metadata) => this.onFrame(at, metadata));
    this.set({ fault: null, cameras: await cameras(), cameraId: camera.deviceId });
  }

  private onFrame(at: number, metadata: { mediaTime: number; captureTime?: number }): void {
    if (this.camera?.facing !== "user") return;
    this.sample = this.sampler.take(this.video, at, metadata, this.tracker.face(at));
    this.attempt?.frame(this.sample);
    this.tracker.offer(this.video, at);
  }

  /** Positioning goes on while the recorder is tried out. */
  private async findFormat(signal: AbortSignal): Promise<void> {
    const begun = now();
    if (!this.format && this.camera) this.format = await workingFormat(this.camera.stream, signal);
    if (!this.format) {
      this.set({ unsupported: "no_recorder", problem: "no_recorder" });
      return this.dispatch("TROUBLE");
    }
    while (!signal.aborted) {
      if (this.view.guided) {
        const left = Math.max(0, GUIDED_MS - (now() - begun));
        this.set({ countdown: Math.ceil(left / 1000), steady: 1 - left / GUIDED_MS, tip: null });
        if (!left) return this.dispatch("STEADY");
      }
      if (now() - begun > FORCE_MS) this.set({ force: true });
      await sleep(TICK_MS, signal);
    }
  }

  /** The person starts although the hints disagree: the server will judge. */
  force(): void {
    this.alive();
    if (this.view.state === "position" && this.format) this.dispatch("STEADY");
  }

  private position(): void {
    if (this.view.state !== "position" || !this.positioning) return;
    const { faceLuma = null, mouthChroma = null } = this.sample ?? {};
    const { tip, steady } = this.positioning.update({ seen: this.tracker.latest, faceLuma, mouthChroma }, now());
    if (tip !== "no_face") this.aliveAt = now();
    this.set({ tip, steady, faceLuma, ...(this.view.idleLeft !== null && tip !== "no_face" ? { idleLeft: null } : {}) });
    if (steady >= 1 && this.format) this.dispatch("STEADY");
  }

  private async begin(signal: AbortSignal): Promise<void> {
    const { opened } = this.view;
    if (!opened || !this.camera || !this.format) throw new CameraError("failed");
    this.tracker.expect(1);
    const transport = await this.beginAnew(signal);
    if (signal.aborted) return this.keep(transport);
    this.keep(transport);
    const attempt = new Attempt(this.transport, transport, opened, {
      stream: this.camera.stream,
      format: this.format,
      thresholds: this.thresholds ?? opened.thresholds,
      paint: (colour) => this.paint(colour),
      show: (step) => this.showStep(step),
      progress: (sent, size) => {
        if (this.view.state === "uploading") this.set({ uploaded: size ? sent / size : 0 }); // nothing is drawn anew while colours are shown
      },
    });
    this.attempt = attempt;
    try {
      await attempt.record();
    } catch (error) {
      if (this.attempt === attempt) this.failed(error);
      return;
    }
    this.tryingSince = null;
    this.dispatch("RECORDED");
  }

  /** Begin; an attempt of this session that was cut off is given up first. */
  private async beginAnew(signal: AbortSignal): Promise<AttemptTransport> {
    await this.unfinished?.restart("face_left").catch((error: unknown) => {
      if (error instanceof Refused && error.passing) throw error;
    });
    this.keep(null);
    const waited_ms = this.tryingSince === null ? 0 : Math.max(0, now() - this.tryingSince);
    const wish = { light: !this.view.noLight, unable: this.unable, waited_ms };
    try {
      return await this.transport.begin(wish, signal);
    } catch (error) {
      if (!(error instanceof Refused) || error.problem !== "attempt_running") throw error;
      await this.transport.leave();
      return this.transport.begin(wish, signal);
    }
  }

  private keep(transport: AttemptTransport | null): void {
    this.unfinished = transport;
    const begun = transport?.begun;
    this.options.memory?.set("attempt", begun ? JSON.stringify({ attempt: begun.attempt, nonce: begun.nonce }) : null);
  }

  private showStep(step: StepView): void {
    this.tracker.pauseMs = step.kind === "light" || step.kind === "tail" ? SELDOM_MS : 0;
    this.set({ step });
    const events = { hold: "HOLD", gesture: "GESTURE", light: "LIGHT", tail: "TAIL" } as const;
    if (this.view.state !== step.kind) this.dispatch(events[step.kind]);
  }

  private async submit(): Promise<void> {
    const attempt = this.attempt;
    if (!attempt) return this.interrupt("connection");
    try {
      await attempt.submit();
    } catch (error) {
      if (this.attempt === attempt) this.failed(error);
      return;
    }
    this.unfinished = null; // submitted: nothing to give up, but a reload should find it
    this.dispatch("SUBMITTED");
  }

  private async judge(signal: AbortSignal): Promise<void> {
    const outcome = await this.transport.waitOutcome(signal);
    this.keep(null);
    this.conclude(outcome);
  }

  private interrupt(reason: Interruption): void {
    this.set({ interruption: reason, uneven: this.view.uneven || reason === "slow" });
    this.dispatch("INTERRUPTED");
  }

  private async restart(signal: AbortSignal): Promise<void> {
    const shown = sleep(this.lightTroubles ? CHOICE_SHOWN_MS : RESTART_SHOWN_MS, signal);
    shown.catch(() => {});
    const outcome = await this.unfinished?.restart(told(this.view.interruption));
    if (signal.aborted) return;
    this.keep(null);
    if (outcome && (outcome.state === "fail" || outcome.state === "expired")) return this.conclude(outcome);
    await shown;
    this.dispatch(document.hidden ? "HIDDEN" : "RESTARTED");
  }

  private async end(why: "left" | "timed_out"): Promise<void> {
    this.keep(null);
    this.tryingSince = null;
    this.set({ outcome: await this.transport.end(why) });
  }

  // --- what happens beside -------------------------------------------------------------------------------------------

  private documentSteps(): DocumentSteps {
    return new DocumentSteps({
      video: this.video,
      transport: this.transport,
      opened: () => this.view.opened,
      show: (card) => this.set({ card }),
      dispatch: (event) => this.dispatch(event),
      alive: () => this.alive(),
      openCamera: (signal) => this.openCamera(signal),
      keep: (opened) => this.keepOpened(opened),
      reopen: async (signal) => this.keepOpened(await this.transport.open(this.info(), signal)),
      conclude: (outcome) => this.conclude(outcome),
    });
  }

  private keepOpened(opened: Opened): Opened {
    this.set({ opened, redirectUrl: opened.page.redirect_url, brand: opened.brand });
    return opened;
  }

  private readonly onVisibility = (): void => {
    if (!document.hidden) return this.dispatch("VISIBLE");
    if (this.documents.picking) return;
    if (RUNNING.includes(this.view.state)) this.interrupt("page_hidden");
    else this.dispatch("HIDDEN");
  };

  private readonly onTurned = (): void => {
    if (RUNNING.includes(this.view.state)) this.interrupt("orientation");
  };

  private connection(online: boolean): void {
    this.set({ online });
    if (!online) this.attempt?.offline();
  }

  private tick(): void {
    const { state, opened } = this.view;
    if (!opened) return;
    const trying = this.tryingSince === null ? 0 : now() - this.tryingSince;
    const limit = 1000 * opened.policy.session_s;
    if (limit && trying > limit && (state === "position" || RUNNING.includes(state))) return this.dispatch("TIME_OUT");
    if (!IDLE_STATES.includes(state)) return;
    if (state === "intro" && document.hidden) return this.alive(); // reading what a link of this screen opened
    const left = 1000 * opened.policy.idle_s - (now() - this.aliveAt);
    if (left <= 0) return this.dispatch("TIME_OUT");
    if (left < IDLE_WARNING_MS) this.set({ idleLeft: Math.ceil(left / 1000) });
  }

  /** What the server asks for, in the form of this camera's picture. */
  get thresholds(): Thresholds | null {
    const { videoWidth, videoHeight } = this.video;
    return this.view.opened && fitted(this.view.opened.thresholds, videoHeight ? videoWidth / videoHeight : 4 / 3);
  }

  private get guided(): boolean {
    return this.tracker.state === "failed" || this.tracker.state === "off";
  }

  private dropAttempt(): void {
    const attempt = this.attempt;
    this.attempt = null;
    if (attempt && !attempt.signal.aborted) attempt.interrupt(this.view.interruption ?? "face_left");
  }

  private closeCamera(): void {
    this.cameraControl?.abort(new Error("closed"));
    this.cameraControl = null;
    this.camera?.stop();
    this.camera = null;
    this.video.srcObject = null;
    this.sample = null;
  }

  private info(): ClientInfo {
    const formats = supportedFormats();
    const extras = ["VideoEncoder" in globalThis ? "webcodecs" : "", this.options.tracker ? "face-landmarker" : ""];
    return {
      sdk: "openekyc-web",
      version: VERSION,
      capabilities: [...formats, ...extras.filter(Boolean)],
      screen: { width: screen.width, height: screen.height, pixel_ratio: devicePixelRatio },
      camera: this.camera?.info ?? { label: "", width: 0, height: 0, rate: 0 },
      language: (this.options.language ?? navigator.language).slice(0, 64),
      reduced_motion: this.options.reducedMotion ?? matchMedia("(prefers-reduced-motion: reduce)").matches,
    };
  }

  private set(changes: Partial<View>): void {
    const view = this.view as unknown as Record<string, unknown>;
    if (!Object.entries(changes).some(([name, value]) => view[name] !== value)) return;
    this.view = { ...this.view, ...changes };
    this.dispatchEvent(new Event("change"));
  }
}

function told(interruption: Interruption | null): RestartReason {
  return interruption === "slow" ? "camera" : (interruption ?? "face_left");
}
