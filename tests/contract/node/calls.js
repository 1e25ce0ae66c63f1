// Drives the official Node SDK: node calls.js '{"endpoint": ..., "calls": [...]}' prints one JSON line with an answer per call.
const sdk = require("tencentcloud-sdk-nodejs-intl-en");
const Credential = require("tencentcloud-sdk-nodejs-intl-en/tencentcloud/common/credential");
const ClientProfile = require("tencentcloud-sdk-nodejs-intl-en/tencentcloud/common/profile/client_profile");
const HttpProfile = require("tencentcloud-sdk-nodejs-intl-en/tencentcloud/common/profile/http_profile");

const { Client, Models } = sdk.faceid.v20180301;
const job = JSON.parse(process.argv[2]);

function client({ method, verb }) {
  const http = new HttpProfile();
  http.protocol = "http://";
  http.endpoint = job.endpoint;
  if (verb) http.reqMethod = verb;
  const profile = method ? new ClientProfile(method, http) : new ClientProfile();
  profile.httpProfile = http;
  return new Client(new Credential(job.secretId, job.secretKey, job.token), "ap-singapore", profile);
}

function call(one) {
  const request = new Models[one.action + "Request"]();
  Object.assign(request, one.parameters);
  return new Promise((resolve) => {
    const done = (error, answer) =>
      resolve(error ? { code: error.code || String(error), message: error.message } : JSON.parse(JSON.stringify(answer)));
    if (one.multipart) client(one).request(one.action, request, new Models[one.action + "Response"](), { multipart: true }, done);
    else client(one)[one.action](request, done);
  });
}

(async () => {
  const answers = [];
  for (const one of job.calls) answers.push(await call(one));
  console.log(JSON.stringify(answers));
})();
