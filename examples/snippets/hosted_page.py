"""Python: `python hosted_page.py` applies for a token, `python hosted_page.py BIZTOKEN` asks how it stands.

Needs `pip install tencentcloud-sdk-python-intl-en`. Every action of openekyc is typed in it."""

import os
import sys
from urllib.parse import urlsplit

from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.faceid.v20180301 import faceid_client, models

server = urlsplit(os.environ["KYC_URL"])  # http://127.0.0.1:8080
credential = Credential(os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"])
profile = ClientProfile(httpProfile=HttpProfile(protocol=server.scheme, endpoint=server.netloc, reqTimeout=30))
client = faceid_client.FaceidClient(credential, "ap-singapore", profile)

try:
    if len(sys.argv) == 1:
        request = models.ApplyWebVerificationBizTokenIntlRequest()
        request.RedirectURL = "https://app.example/done"
        request.Config = models.WebVerificationConfigIntl()
        request.Config.CheckMode = 3
        request.Config.SecurityLevel = 4
        request.Config.AutoDowngrade = 2  # the colours may not be declined
        request.Config.LivenessRetryLimit = 3
        made = client.ApplyWebVerificationBizTokenIntl(request)
        print(made.BizToken, made.VerificationURL)
    else:
        request = models.GetWebVerificationResultIntlRequest()
        request.BizToken = sys.argv[1]
        result = client.GetWebVerificationResultIntl(request)
        print(result.ErrorCode, result.ErrorMsg)
except TencentCloudSDKException as error:
    sys.exit(f"{error.get_code()}: {error.get_message()} (RequestId {error.get_request_id()})")
