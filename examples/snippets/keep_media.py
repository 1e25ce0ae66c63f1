"""Python: `python keep_media.py SDKTOKEN FOLDER` stores the best frame and the recording of a session before their links end.

The links work for ten minutes from the call that returned them. Each call returns new ones."""

import hashlib
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import requests
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.faceid.v20180301 import faceid_client, models

server = urlsplit(os.environ["KYC_URL"])
credential = Credential(os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"])
profile = ClientProfile(httpProfile=HttpProfile(protocol=server.scheme, endpoint=server.netloc, reqTimeout=30))
client = faceid_client.FaceidClient(credential, "ap-singapore", profile)

request = models.GetLivenessResultRequest()
request.SdkToken = sys.argv[1]
folder = Path(sys.argv[2])
folder.mkdir(mode=0o700, parents=True, exist_ok=True)
result = client.GetLivenessResult(request)
print(result.Result, result.Description)
for name, file in (("best_frame.jpg", result.BestFrame), ("recording", result.Video)):
    if not file.Size:
        continue  # nothing was filmed, or no frame was good enough
    answer = requests.get(file.Url, timeout=30)
    answer.raise_for_status()
    if len(answer.content) != file.Size or hashlib.md5(answer.content, usedforsecurity=False).hexdigest() != file.MD5:
        sys.exit(f"{name} did not come whole: run this again")
    target = folder / name
    target.touch(mode=0o600)
    target.write_bytes(answer.content)
    print(target, file.Size)
