// Everything an app has to do with openekyc, without a web framework: apply for a token, remember it, ask for the result, decide.
import { randomBytes } from "node:crypto";
import sdk from "tencentcloud-sdk-nodejs-intl-en";
import Credential from "tencentcloud-sdk-nodejs-intl-en/tencentcloud/common/credential.js";
import ClientProfile from "tencentcloud-sdk-nodejs-intl-en/tencentcloud/common/profile/client_profile.js";
import HttpProfile from "tencentcloud-sdk-nodejs-intl-en/tencentcloud/common/profile/http_profile.js";

const { Client, Models } = sdk.faceid.v20180301;
const needed = ["KYC_URL", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "APP_URL", "APP_SECRET"];
const missing = needed.filter((name) => !process.env[name]);
if (missing.length) {
  console.error(`Set ${missing.join(", ")}: README.md says to what.`);
  process.exit(1);
}
export const { APP_URL, APP_SECRET } = process.env;
if (APP_SECRET.length < 32) {
  console.error("APP_SECRET needs 32 characters or more: openssl rand -hex 32");
  process.exit(1);
}
const allowSandbox = process.env.KYC_SANDBOX === "1"; // whether rendered people count: never in production
const level = Number(process.env.KYC_LEVEL ?? 4); // 4: gestures and colours
const OPEN_MS = 1_800_000; // longer than a token of three attempts lives
const MOST_A_DAY = 5; // tokens for one user: whoever may try for ever gets through one day

// By state: { state, user, token, url, made, asked, verdict }. Make it a table of your database: this one ends with the process.
const table = new Map();

// part: call
// One typed call of the stock SDK. Rejects with its exception: `code` and `requestId`.
export function call(action, parameters) {
  const address = new URL(process.env.KYC_URL);
  const profile = new ClientProfile("TC3-HMAC-SHA256", new HttpProfile(`${address.protocol}//`, address.host, "POST", 30));
  const credential = new Credential(process.env.TENCENTCLOUD_SECRET_ID, process.env.TENCENTCLOUD_SECRET_KEY);
  const request = new Models[`${action}Request`]();
  request.from_json_string(JSON.stringify(parameters));
  return new Promise((resolve, reject) => {
    new Client(credential, "ap-singapore", profile)[action](request, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

// part: apply
// Where to send this user; undefined if they tried too often today. Pressing the button twice gives the same token.
export async function apply(user) {
  const rows = [...table.values()].filter((row) => row.user === user && row.made > Date.now() - 86_400_000);
  const found = rows.find((row) => row.verdict === "pending" && row.made > Date.now() - 300_000);
  if (found) return found.url;
  if (rows.length >= MOST_A_DAY) return undefined;
  const state = randomBytes(24).toString("base64url");
  const made = await call("ApplyWebVerificationBizTokenIntl", {
    RedirectURL: `${APP_URL}/done?state=${state}`,
    Extra: state,
    Config: { CheckMode: 3, SecurityLevel: level, AutoDowngrade: 2, LivenessRetryLimit: 3, Language: "auto" },
  });
  const { BizToken: token, VerificationURL: url } = made;
  table.set(state, { state, user, token, url, made: Date.now(), asked: 0, verdict: "pending" });
  return url;
}

// part: decide
// The only place that says "verified".
export function decide(result, state) {
  if (result.ErrorCode === 17) return "pending";
  const rendered = result.ErrorMsg.includes("(sandbox)");
  const passed = result.ErrorCode === 0 && result.Extra === state && (allowSandbox || !rendered);
  return passed ? "verified" : "not verified";
}

// part: ask
// How a verification stands. A pass is final; anything else may still change while its token lives.
export async function ask(row) {
  if (row.verdict === "verified") return "verified";
  if (Date.now() > row.made + OPEN_MS) return "not verified";
  try {
    const verdict = decide(await call("GetWebVerificationResultIntl", { BizToken: row.token }), row.state);
    if (row.verdict !== "verified") Object.assign(row, { verdict, asked: Date.now() });
  } catch (error) {
    console.warn("no result: %s, RequestId %s", error.code, error.requestId);
  }
  return row.verdict;
}

// part: watch
// Learn the results of people who never come back. A refused attempt's result carries its recording: ask for it less often.
async function watch() {
  const open = [...table.values()].filter((row) => row.verdict !== "verified" && row.made > Date.now() - OPEN_MS);
  for (const row of open) if (row.verdict === "pending" || row.asked < Date.now() - 60_000) await ask(row);
  setTimeout(watch, 5000);
}
setTimeout(watch, 5000);

// part: own
// The verification of this state if it is this user's.
export function own(state, user) {
  const row = table.get(state);
  return row && row.user === user ? row : undefined;
}

export const isVerified = (user) => [...table.values()].some((row) => row.user === user && row.verdict === "verified");
