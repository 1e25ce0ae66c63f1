// A web app whose users openekyc verifies, with Express. `kyc.js` does the work; this file holds the four pages and who may see them.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import cookieSession from "cookie-session";
import express from "express";
import * as kyc from "./kyc.js";

const app = express();
const https = kyc.APP_URL.startsWith("https:");
if (https) app.set("trust proxy", "loopback"); // TLS ends at a proxy on this machine
app.disable("x-powered-by");
app.use(cookieSession({ name: "session", secret: kyc.APP_SECRET, sameSite: "lax", secure: https, httpOnly: true }));
app.use((_request, response, next) => {
  response.set({ "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY" });
  next();
});

const text = (given) => (typeof given === "string" ? given : ""); // a repeated parameter is a list
const digest = (given) => createHash("sha256").update(text(given)).digest();
const same = (given, expected) => timingSafeEqual(digest(given), digest(expected));

// `verdict` is one of three words of our own; whatever else you put on the page has to be escaped.
function page(request, verdict) {
  request.session.csrf ??= randomBytes(24).toString("base64url");
  const refresh = verdict === "pending" ? '<meta http-equiv="refresh" content="3">' : "";
  const field = `<input type="hidden" name="csrf" value="${request.session.csrf}">`;
  const form = `<form method="post" action="/verify">${field}<button>Verify my identity</button></form>`;
  return `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Identity</title>${refresh}
<h1>${verdict}</h1>${verdict === "verified" ? "" : form}`;
}

function own(state, request, response) {
  const row = kyc.own(text(state), request.session.user);
  if (!row) response.status(403).send("This is no verification of yours. Go back to the browser you began in.");
  return row;
}

app.get("/", (request, response) => {
  request.session.user ??= randomBytes(16).toString("hex"); // your login sets this
  response.send(page(request, kyc.isVerified(request.session.user) ? "verified" : "not verified"));
});

app.post("/verify", express.urlencoded({ extended: false, limit: "16kb" }), async (request, response) => {
  const { csrf, user } = request.session;
  if (!csrf || !user || !same(request.body?.csrf, csrf)) {
    return response.status(403).send("The form is too old. Load the page again.");
  }
  try {
    const address = await kyc.apply(user);
    if (address) response.redirect(303, address);
    else response.status(429).send("That was tried often enough for today.");
  } catch (error) {
    console.error("no token: %s, RequestId %s", error.code, error.requestId);
    response.status(502).send("The identity check cannot be reached. Try again later.");
  }
});

// part: done
// RedirectURL. The query is the person's word: it says which verification to look at, and that has to be one of theirs.
app.get("/done", (request, response) => {
  const row = own(request.query.state, request, response);
  if (!row) return;
  if (!same(request.query.token, row.token)) return response.status(403).send("The token does not belong to this verification.");
  response.redirect(303, `/result/${row.state}`);
});

app.get("/result/:state", async (request, response) => {
  const row = own(request.params.state, request, response);
  if (row) response.send(page(request, await kyc.ask(row)));
});

app.use((_error, _request, response, _next) => response.status(400).send("The request cannot be read.")); // no stack traces outside

app.listen(Number(process.env.PORT ?? 5000), "127.0.0.1", (error) => {
  if (error) throw error;
  console.log("listening");
});
