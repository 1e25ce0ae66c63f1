"""The error codes of the API that this server answers. What happened is the message itself, see `openekyc.wire.codes`."""

from collections.abc import Mapping

from openekyc.codes_help.help import Advice

API_ERRORS: Mapping[str, Advice] = {
    "ActionOffline": Advice(
        "The vendor took this action out of the API, and no server offers it.",
        "Use its successor: ApplyWebVerificationBizTokenIntl and GetWebVerificationResultIntl for the hosted page, "
        "ApplySdkVerificationToken and GetSdkVerificationResult for documents.",
    ),
    "AuthFailure.InvalidAuthorization": Advice(
        "The Authorization header is not in the TC3 form, does not sign content-type and host, or SignatureMethod is not one of those "
        "known. An SDK that was told to skip signing sends such a header.",
        "Let the SDK sign with TC3-HMAC-SHA256. If you sign by hand, sign at least content-type and host.",
    ),
    "AuthFailure.SecretIdNotFound": Advice(
        "There is no such SecretId in this server's home, or it was disabled. A key of the vendor's cloud is not known here.",
        "Compare it with `openekyc keys list`. `openekyc keys create --account NAME` makes another.",
    ),
    "AuthFailure.SignatureExpire": Advice(
        "The request's timestamp is further from the server's clock than `signature_window_s`, earlier or later. Where "
        "`refuse_repeated_signatures` is on, also a signature, or the Nonce of a v1 call, that came before.",
        "Set both machines' clocks by NTP. Sign each request anew instead of sending a kept one.",
    ),
    "AuthFailure.SignatureFailure": Advice(
        "The signature is not that of this SecretKey over this request. The SecretKey may be wrong, the request may have been altered "
        "on its way, or the host that was signed is not the one the server knows itself by, as behind a proxy. With this code are "
        "refused, too, a v1 POST over 1 MiB, a scope of another day, and UNSIGNED-PAYLOAD without TLS where a setting asks for it.",
        "Check the SecretKey, and that it belongs to this SecretId. Behind a proxy set `public_url`, and `public_hosts` for further names. "
        "Use TC3-HMAC-SHA256 for large bodies.",
    ),
    "AuthFailure.TokenFailure": Advice(
        "A temporary key came without its session token, with a wrong or an expired one, or a permanent key came with one.",
        "Send the token of the same temporary key as X-TC-Token (Token with signature v1). Issue a new temporary key when it has expired: "
        "`openekyc keys issue`.",
    ),
    "FailedOperation.ImageSizeTooLarge": Advice(
        "The Base64 text of the picture is longer than allowed.",
        "Send a smaller picture: 1,000 pixels on the longer side are enough for a face.",
    ),
    "InternalError": Advice(
        "Something in the server failed that should not: a full disk, a database that is locked, or a defect. Nothing was half done.",
        "Call again in a moment. If it comes again, look for the RequestId in the server's log (`call_failed`), and report it.",
    ),
    "InvalidAction": Advice("The API has no action of this name.", "Correct the name. It is case-sensitive."),
    "InvalidParameter": Advice(
        "A parameter has the wrong JSON type, two parameters do not go together, or the body is not one JSON object in UTF-8. "
        "GetFaceIdTokenIntl answers it for values that are not allowed, too.",
        'Correct what the message names. Types are strict: "4" is no integer, 4 is no string.',
    ),
    "InvalidParameterValue": Advice(
        "A parameter has the right type and a value that is not allowed. For X-TC-Region: the region is not known.",
        "Use one of the values that the action's page lists. Regions are in the setting `regions`: ap-singapore, "
        "unless the operator changed it.",
    ),
    "InvalidParameterValue.BizTokenExpired": Advice(
        "The token was issued longer ago than its result can be read.",
        "Read results sooner. How long it is possible stands at the action; settings named `..._result_window_s` change it.",
    ),
    "InvalidParameterValue.BizTokenIllegal": Advice(
        "The token is unknown, malformed, was issued to another account, or by an apply action of another family.",
        "Read each token with the result action of its own family, and with a key of the account that issued it.",
    ),
    "InvalidParameterValue.RuleIdNotExist": Advice(
        "RuleId names a flow template of the vendor's console. This server has none.",
        "Leave RuleId out and say in Config how the flow should be.",
    ),
    "InvalidRequest": Advice(
        "The multipart body is broken, cut off or has no boundary, or a body took longer than 60 seconds to arrive.",
        "Let an HTTP library build the body. Send JSON if you have no need for multipart, and smaller pictures on slow connections.",
    ),
    "MissingParameter": Advice(
        "A required parameter is absent. Action, Timestamp, Authorization, Version and Region are parameters too.",
        "Send the parameter that the message names. `null` counts as absent.",
    ),
    "NoSuchVersion": Advice("X-TC-Version is not the version of this API.", "Send 2018-03-01: import the SDK's `v20180301` package."),
    "RequestLimitExceeded": Advice(
        "The account called this action more often within one second than `rate_per_second` allows. Or, at an apply call, more was tried "
        "within an hour than a limit of the account allows (`attempts_per_...`, `velocity_...`); the message says which of the two.",
        "Wait a second and call again, or an hour. Poll a result every two or three seconds, not in a tight loop.",
    ),
    "RequestSizeLimitExceeded": Advice(
        "The body or the query is larger than this form of request allows.",
        "Send a smaller picture, and by POST with TC3-HMAC-SHA256, which allows the most.",
    ),
    "ServiceUnavailable": Advice(
        "The server holds as many bytes of requests as `bodies_in_flight_bytes` allows, or this address its share of them.",
        "Call again in a moment, with fewer large calls at once.",
    ),
    "UnknownParameter": Advice(
        "The action has no parameter of this name.",
        "Correct the name, or leave it out. Nested ones are written with dots, as in Config.CheckMode.",
    ),
    "UnsupportedOperation": Advice(
        "The action exists in the original API, but is not built here.",
        "See the list of actions for what is built. Nothing in the settings turns it on.",
    ),
    "UnsupportedProtocol": Advice("The request's method is neither GET nor POST.", "Use POST with a JSON body."),
    "UnsupportedRegion": Advice(
        "The region is known, but not for this server (setting `regions`), or not for this action under this host name.",
        "Use one of the regions of the setting `regions`: ap-singapore, unless the operator changed it. An action's page "
        "names those of its host name.",
    ),
}
