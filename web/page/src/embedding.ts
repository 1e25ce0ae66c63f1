/** In an iframe: the component's events as messages to the page around it, if its origin is one of those the server names. */

import type { OpenekycCapture } from "../../capture/src/element/element.ts";

const EVENTS = ["ready", "state", "outcome", "exit", "error", "finish"];

export interface EmbedMessage {
  source: "openekyc";
  type: string;
  detail: unknown;
}

export class Embedding {
  private readonly element: OpenekycCapture;
  private waiting: EmbedMessage[] = [];

  constructor(element: OpenekycCapture) {
    this.element = element;
    for (const type of EVENTS) {
      element.addEventListener(`openekyc-${type}`, (event) =>
        this.tell({ source: "openekyc", type, detail: (event as CustomEvent).detail }),
      );
    }
  }

  /** The browser delivers a message to its target origin only, so every allowed origin gets one and at most one arrives. */
  private tell(message: EmbedMessage): void {
    const origins = this.origins();
    this.waiting.push(message);
    if (!origins.length) return;
    for (const waiting of this.waiting) for (const origin of origins) window.parent.postMessage(waiting, origin);
    this.waiting = [];
  }

  private origins(): string[] {
    const opened = this.element.capture?.view.opened;
    if (opened) return opened.page.embed_origins;
    // A session that cannot be opened names no origins; frame-ancestors let only allowed pages frame this one.
    const failed = ["expired", "trouble", "unsupported"].includes(this.element.view?.state ?? "");
    const around = location.ancestorOrigins?.[0] ?? (document.referrer ? new URL(document.referrer).origin : "");
    return failed && around ? [around] : [];
  }
}
