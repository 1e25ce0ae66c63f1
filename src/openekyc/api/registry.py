"""From an action's name to its implementation. Every module in `api/actions` that defines `ACTION` is found by itself."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from openekyc.api import actions
from openekyc.api.action import Action
from openekyc.wire.codes import ActionOffline, InvalidAction, UnsupportedOperation

REMOVED = frozenset({"ApplyWebVerificationToken", "GetWebVerificationResult", "ApplyCardVerification", "GetCardVerificationResult"})

DOCUMENTED = frozenset(
    {
        "ApplyLivenessToken", "ApplySdkVerificationToken", "ApplyWebVerificationBizTokenIntl", "BankCard2EVerification",
        "BankCard4EVerification", "BankCardVerification", "CheckBankCardInformation", "CheckIdCardInformation", "CheckIdNameDate",
        "CompareFaceLiveness", "CreateEKYCWebhook", "CreateUploadUrl", "DeleteEKYCWebhook", "DetectAIFakeFaces",
        "DetectReflectLivenessAndCompare", "GenerateReflectSequence", "GetAMLScreeningResult", "GetFaceIdResultIntl", "GetFaceIdTokenIntl",
        "GetLivenessResult", "GetNFCResult", "GetNFCToken", "GetSdkVerificationResult", "GetWebVerificationResultIntl",
        "IdCardOCRVerification", "IdCardVerification", "ImageRecognitionV2", "ListEKYCWebhooks", "LivenessCompare",
        "MobileNetworkTimeVerification", "MobileStatus", "PhoneVerification", "RunAMLNameScreening", "UpdateAMLCustomerProfile",
        "UpdateAMLOngoingScreeningStatus", "UpdateEKYCWebhook", "VideoLivenessCompare",
    }
)  # fmt: skip
"""Every action of faceid 2018-03-01. One that is not built answers UnsupportedOperation: not a spelling mistake of the caller."""


class Registry:
    """The built actions by name."""

    def __init__(self, built: Iterable[Action[Any]]) -> None:
        self._by_name = {action.name: action for action in built}

    def __iter__(self) -> Iterator[Action[Any]]:
        return iter(sorted(self._by_name.values(), key=lambda action: action.name))

    def find(self, name: str) -> Action[Any]:
        """Raises ActionOffline, UnsupportedOperation or InvalidAction."""
        if (action := self._by_name.get(name)) is not None:
            return action
        if name in REMOVED:
            raise ActionOffline
        raise (UnsupportedOperation if name in DOCUMENTED else InvalidAction).about(name[:64])


def discover() -> Registry:
    """The registry of everything in `api/actions`."""
    modules = (import_module(f"{actions.__name__}.{found.name}") for found in iter_modules(actions.__path__))
    return Registry(module.ACTION for module in modules)
