"""Python: `python compare_with_picture.py portrait.jpg` applies for a token whose face is compared with your picture;
`python compare_with_picture.py portrait.jpg BIZTOKEN` says how much alike they are."""

import base64
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.faceid.v20180301 import faceid_client, models

server = urlsplit(os.environ["KYC_URL"])
credential = Credential(os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"])
profile = ClientProfile(httpProfile=HttpProfile(protocol=server.scheme, endpoint=server.netloc, reqTimeout=60))
client = faceid_client.FaceidClient(credential, "ap-singapore", profile)

if len(sys.argv) == 2:
    request = models.ApplyWebVerificationBizTokenIntlRequest()
    request.RedirectURL = "https://app.example/done"
    request.CompareImageBase64 = base64.b64encode(Path(sys.argv[1]).read_bytes()).decode()
    request.Config = models.WebVerificationConfigIntl()
    request.Config.CheckMode = 2
    request.Config.SecurityLevel = 4
    made = client.ApplyWebVerificationBizTokenIntl(request)
    print(made.BizToken, made.VerificationURL)
else:
    request = models.GetWebVerificationResultIntlRequest()
    request.BizToken = sys.argv[2]
    result = client.GetWebVerificationResultIntl(request)
    print(result.ErrorCode, result.ErrorMsg)
    for attempt in result.VerificationDetailList:
        print("liveness", attempt.LivenessErrorCode, "comparison", attempt.CompareErrorCode, "similarity", attempt.Similarity)
