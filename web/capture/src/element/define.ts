/** Defines `<openekyc-capture>`. */

import { trackerFiles } from "../tracker/files.ts";
import { OpenekycCapture, setTrackerFiles } from "./element.ts";

setTrackerFiles(trackerFiles);
if (!customElements.get("openekyc-capture")) customElements.define("openekyc-capture", OpenekycCapture);

declare global {
  interface HTMLElementTagNameMap {
    "openekyc-capture": OpenekycCapture;
  }
}
