/** The start page: what this is, and trying it in a minute. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { art } from "../../capture/src/element/art.ts";
import { type Demo, DemoError, demo, type Result, type Simulation } from "./demo.ts";
import { startStyles } from "./start-styles.ts";

const POLL_MS = 700;
const LEVELS: Record<number, { name: string; text: string }> = {
  1: { name: "Look", text: "Look at the camera for a moment." },
  2: { name: "Gestures", text: "Blink, open the mouth, nod or turn the head when asked." },
  3: { name: "Light", text: "The screen flashes colours; a real face reflects them." },
  4: { name: "Both", text: "Gestures and light together: the strongest check." },
};
const SUBJECTS: Record<string, string> = {
  live: "A person who answers",
  photo: "A printed photo",
  display: "A picture on a screen",
  replay: "A video on a screen",
  old: "An old recording, fed in",
};
const OUTCOMES: Record<string, string> = {
  pass: "Passed",
  retry: "Not passed: another try is allowed",
  fail: "Not passed",
  expired: "Expired",
};

class Start extends LitElement {
  static override styles = startStyles;
  static override properties = {
    about: { state: true },
    level: { state: true },
    subject: { state: true },
    simulation: { state: true },
    results: { state: true },
    fault: { state: true },
    busy: { state: true },
    copied: { state: true },
  };

  declare about: Demo | null;
  declare level: number;
  declare subject: string;
  declare simulation: Simulation | null;
  declare results: Result[];
  declare fault: DemoError | null;
  declare busy: boolean;
  declare copied: boolean;
  private readonly back = new URLSearchParams(location.search).get("token") ?? "";

  constructor() {
    super();
    this.about = null;
    this.level = 4;
    this.subject = "live";
    this.simulation = null;
    this.results = [];
    this.fault = null;
    this.busy = false;
    this.copied = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.back) history.replaceState(null, "", location.pathname);
    void this.tried(async () => {
      this.about = await demo.about();
      await this.refresh();
      this.simulation = await demo.simulation();
      if (this.simulation.state === "running") await this.follow();
    });
  }

  private async refresh(): Promise<void> {
    this.results = (await demo.results()).results;
  }

  private async tried(action: () => Promise<void>): Promise<void> {
    this.fault = null;
    try {
      await action();
    } catch (error) {
      this.fault = error instanceof DemoError ? error : new DemoError("failed", String(error), "");
    } finally {
      this.busy = false;
    }
  }

  private readonly withCamera = (): Promise<void> => {
    this.busy = true;
    return this.tried(async () => {
      const { verify } = await demo.session(this.level, "me");
      location.assign(verify);
    });
  };

  private readonly withSubject = (): Promise<void> => {
    this.busy = true;
    return this.tried(async () => {
      const { token } = await demo.session(this.level, "simulated");
      this.simulation = await demo.simulate(token, this.subject);
      await this.follow();
    });
  };

  private async follow(): Promise<void> {
    while (this.simulation?.state === "running") {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      this.simulation = await demo.simulation();
    }
    await this.refresh();
  }

  private readonly copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(this.about?.python ?? "").catch(() => {});
    this.copied = true;
    setTimeout(() => {
      this.copied = false;
    }, 2000);
  };

  protected override render(): TemplateResult {
    return html`
      <main>
        <header>
          <p class="brand"><span class="mark">${art.face}</span>openekyc</p>
          <h1>Is a real person in front of the camera?</h1>
          <p class="lead">openekyc answers that on your own server, without any other service: it asks, it shows light, it looks, and it tells your backend.</p>
        </header>
        ${this.fault ? this.faultBox(this.fault) : nothing}
        ${this.about ? this.tryIt() : nothing}
        ${this.about && this.results.length ? this.resultsBox() : nothing}
        ${this.about ? this.integrate(this.about) : nothing}
      </main>
    `;
  }

  private faultBox(fault: DemoError): TemplateResult {
    if (fault.problem === "demo_off") {
      return html`<section class="note" role="status"><p>The demonstration is off on this server. ${fault.remedy}</p></section>`;
    }
    return html`<section class="note" role="alert"><p><strong>${fault.message}</strong> ${fault.remedy}</p></section>`;
  }

  private tryIt(): TemplateResult {
    return html`
      <section aria-labelledby="level">
        <h2 id="level">How strict?</h2>
        <div class="levels" role="radiogroup" aria-labelledby="level">
          ${(this.about?.levels ?? []).map((level) => this.levelChoice(level))}
        </div>
        <p class="hint">${LEVELS[this.level]?.text}</p>
      </section>
      <div class="cards">
        <section class="card">
          <div class="art">${art.camera}</div>
          <h2>Try it with your camera</h2>
          <p>About twenty seconds. Your recording stays on this server.</p>
          <button class="button" type="button" ?disabled=${this.busy} @click=${this.withCamera}>Start the check</button>
        </section>
        <section class="card">
          <div class="art">${art.face}</div>
          <h2>Try it with the simulated subject</h2>
          <label>Who is in front of the camera
            <select @change=${(event: Event) => {
              this.subject = (event.target as HTMLSelectElement).value;
            }}>
              ${Object.entries(SUBJECTS).map(([kind, name]) => html`<option value=${kind} ?selected=${kind === this.subject}>${name}</option>`)}
            </select>
          </label>
          <button class="button second" type="button" ?disabled=${this.busy || this.simulation?.state === "running"} @click=${this.withSubject}>Watch it</button>
          ${this.simulation && this.simulation.state !== "idle" ? this.progress(this.simulation) : nothing}
        </section>
      </div>
      ${this.about?.note ? html`<p class="hint">${this.about.note}</p>` : nothing}
    `;
  }

  private levelChoice(level: number): TemplateResult {
    return html`<label class="level"><input type="radio" name="level" .value=${String(level)} .checked=${level === this.level} @change=${() => {
      this.level = level;
    }} /><span><b>${level}</b> ${LEVELS[level]?.name}</span></label>`;
  }

  private progress({ state, lines, outcome }: Simulation): TemplateResult {
    const end = state === "failed" ? "It did not work" : state === "done" ? (OUTCOMES[outcome] ?? "Done") : "";
    return html`
      <div class="progress" role="status" aria-live="polite">
        ${state === "running" ? html`<div class="bar"><i></i></div>` : nothing}
        <ul>${lines.slice(-5).map((line) => html`<li>${line}</li>`)}</ul>
        ${end ? html`<p class="end ${outcome}">${end}</p>` : nothing}
      </div>
    `;
  }

  private resultsBox(): TemplateResult {
    return html`
      <section aria-labelledby="results">
        <h2 id="results">Last results</h2>
        <div class="table">
          <table>
            <thead><tr><th>When</th><th>Level</th><th>Who</th><th>Result</th><th></th></tr></thead>
            <tbody>${this.results.map((result) => this.row(result))}</tbody>
          </table>
        </div>
      </section>
    `;
  }

  private row(result: Result): TemplateResult {
    const when = new Date(typeof result.when === "number" ? 1000 * result.when : result.when);
    const tone = result.passed === null ? "" : result.passed ? "pass" : "fail";
    return html`
      <tr class=${result.token === this.back ? "new" : ""}>
        <td>${when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}</td>
        <td>${result.level}</td>
        <td>${result.who}</td>
        <td><span class="dot ${tone}"></span>${result.description}</td>
        <td>${result.explain ? html`<a href=${result.explain}>Why?</a>` : nothing}</td>
      </tr>
    `;
  }

  private integrate(about: Demo): TemplateResult {
    return html`
      <section aria-labelledby="code">
        <h2 id="code">From your own backend</h2>
        <p>The stock Tencent Cloud SDK works as it is; only the address changes.</p>
        <div class="code">
          <pre tabindex="0"><code>${about.python}</code></pre>
          <button class="button second small" type="button" @click=${this.copy}>${this.copied ? "Copied" : "Copy"}</button>
        </div>
      </section>
    `;
  }
}

customElements.define("openekyc-start", Start);
