#!/bin/sh
# The vendor's command line: `sh hosted_page_tccli.sh` applies for a token, `sh hosted_page_tccli.sh BIZTOKEN` asks how it stands.
# Needs `pip install tccli-intl-en`; the command is called tccli. It speaks https unless --endpoint names http://; behind https it takes the bare name.
set -eu
: "${KYC_URL:?http://127.0.0.1:8080}" "${TENCENTCLOUD_SECRET_ID:?}" "${TENCENTCLOUD_SECRET_KEY:?}"
export TENCENTCLOUD_REGION=ap-singapore
if [ $# -eq 0 ]; then
  tccli faceid ApplyWebVerificationBizTokenIntl --endpoint "${KYC_URL#https://}" \
    --RedirectURL https://app.example/done --Config '{"CheckMode": 3, "SecurityLevel": 4, "AutoDowngrade": 2, "LivenessRetryLimit": 3}'
else
  tccli faceid GetWebVerificationResultIntl --endpoint "${KYC_URL#https://}" --BizToken "$1"
fi
