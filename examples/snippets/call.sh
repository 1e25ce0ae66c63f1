#!/bin/sh
# curl: sh call.sh ACTION JSON, signed with TC3-HMAC-SHA256. Needs curl, openssl and od.
#   sh call.sh ApplyWebVerificationBizTokenIntl '{"RedirectURL": "https://app.example/done", "Config": {"CheckMode": 3, "SecurityLevel": 4, "AutoDowngrade": 2}}'
#   sh call.sh GetWebVerificationResultIntl '{"BizToken": "BIZTOKEN"}'
set -eu
: "${KYC_URL:?http://127.0.0.1:8080}" "${TENCENTCLOUD_SECRET_ID:?}" "${TENCENTCLOUD_SECRET_KEY:?}"
action=$1 body=$2
host=${KYC_URL#*://} host=${host%%/*}
now=$(date +%s) day=$(date -u +%F)
type=application/json

sha256() { openssl dgst -sha256 -r | cut -d ' ' -f 1; }
# The key is in hexadecimal because it is binary after the first step. Other users of this machine can read it in the list of processes
# while openssl runs: on a shared machine use an SDK.
hmac() { printf '%s' "$2" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -r | cut -d ' ' -f 1; }

payload=$(printf '%s' "$body" | sha256)
canonical=$(printf 'POST\n/\n\ncontent-type:%s\nhost:%s\n\ncontent-type;host\n%s' "$type" "$host" "$payload" | sha256)
to_sign=$(printf 'TC3-HMAC-SHA256\n%s\n%s/faceid/tc3_request\n%s' "$now" "$day" "$canonical")
key=$(printf 'TC3%s' "$TENCENTCLOUD_SECRET_KEY" | od -An -v -tx1 | tr -d ' \n')
signature=$(hmac "$(hmac "$(hmac "$(hmac "$key" "$day")" faceid)" tc3_request)" "$to_sign")

curl --silent --show-error --max-time 30 "$KYC_URL/" --data-raw "$body" \
  --header "Content-Type: $type" --header "Host: $host" \
  --header "X-TC-Action: $action" --header "X-TC-Version: 2018-03-01" --header "X-TC-Region: ap-singapore" \
  --header "X-TC-Timestamp: $now" \
  --header "Authorization: TC3-HMAC-SHA256 Credential=$TENCENTCLOUD_SECRET_ID/$day/faceid/tc3_request, SignedHeaders=content-type;host, Signature=$signature"
