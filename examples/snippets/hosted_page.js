// Node.js: `node hosted_page.js` applies for a token, `node hosted_page.js BIZTOKEN` asks how it stands.
// Needs `npm install tencentcloud-sdk-nodejs-intl-en`. Every action of openekyc is typed in it.
const sdk = require("tencentcloud-sdk-nodejs-intl-en");
const ClientProfile = require("tencentcloud-sdk-nodejs-intl-en/tencentcloud/common/profile/client_profile");
const Credential = require("tencentcloud-sdk-nodejs-intl-en/tencentcloud/common/credential");
const HttpProfile = require("tencentcloud-sdk-nodejs-intl-en/tencentcloud/common/profile/http_profile");

const { Client, Models } = sdk.faceid.v20180301;
const server = new URL(process.env.KYC_URL); // http://127.0.0.1:8080
const credential = new Credential(process.env.TENCENTCLOUD_SECRET_ID, process.env.TENCENTCLOUD_SECRET_KEY);
const profile = new ClientProfile("TC3-HMAC-SHA256", new HttpProfile(`${server.protocol}//`, server.host, "POST", 30));
const client = new Client(credential, "ap-singapore", profile);

function failed(error) {
  console.error("%s: %s (RequestId %s)", error.code, error.message, error.requestId);
  process.exit(1);
}

const token = process.argv[2];
if (token === undefined) {
  const request = new Models.ApplyWebVerificationBizTokenIntlRequest();
  request.RedirectURL = "https://app.example/done";
  request.Config = { CheckMode: 3, SecurityLevel: 4, AutoDowngrade: 2, LivenessRetryLimit: 3 };
  client.ApplyWebVerificationBizTokenIntl(request, (error, made) =>
    error ? failed(error) : console.log(made.BizToken, made.VerificationURL),
  );
} else {
  const request = new Models.GetWebVerificationResultIntlRequest();
  request.BizToken = token;
  client.GetWebVerificationResultIntl(request, (error, result) =>
    error ? failed(error) : console.log(result.ErrorCode, result.ErrorMsg),
  );
}
