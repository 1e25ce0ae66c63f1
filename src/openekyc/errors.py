"""Every exception openekyc raises on purpose.

    OpenEkycError
    ├── StartError                        the process must not start; carries a remedy
    │   ├── SettingsError
    │   ├── HomeError
    │   └── ModelError                    a weight file is missing or altered
    ├── MediaError                        a recording or picture cannot be used
    │   ├── MediaTooLarge
    │   │   └── MediaTooLong
    │   └── MediaUndecodable
    │       └── MediaUnsupported
    ├── StorageError                      the store refuses or fails; nothing was written
    │   ├── StorageBusy                   too many writes are waiting, or another process holds the database
    │   ├── FileDamaged                   a stored file is missing or not what was stored
    │   └── SealBroken                    a sealed value cannot be opened: another master key, or altered
    ├── EngineFault                       the engine itself failed (crash, time-out): result 1001, no verdict on the person
    ├── LinkError                         a media link opens nothing
    │   └── LinkInvalid  LinkExpired
    ├── SessionError                      a session or attempt refuses what was asked; owns its `problem` name and HTTP status
    │   ├── TokenUnknown  TokenExpired  SessionFinished  RetriesUsedUp
    │   ├── AttemptUnknown  AttemptRunning  AttemptClosed (AttemptTimedOut)  AttemptOpen  NonceWrong
    │   ├── DocumentRequired  DocumentNotPlanned  SideUnknown  DocumentBusy  DocumentClosed  PictureInvalid  PictureTooLarge  EditsInvalid
    │   ├── LightNotPlanned  LightRequired  GesturesRequired  OffsetWrong  SliceConflict  SliceDamaged
    │   └── RecordingTooLarge  RecordingUnsupported  RecordingIncomplete  TraceTooLarge  TraceInvalid  SessionBusy
    └── ApiError                          what a caller of the TencentCloud dialect sees; owns its wire `code`
        └── one class per code, see `openekyc.wire.codes`

The docstring of a class is its default message in English, `zh` its message in Chinese.
"""

from typing import ClassVar


class OpenEkycError(Exception):
    """Something openekyc refused."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())

    @property
    def message(self) -> str:
        """What happened, in English."""
        return str(self.args[0])


class StartError(OpenEkycError):
    """openekyc cannot start."""

    def __init__(self, message: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class SettingsError(StartError):
    """A setting is not valid."""


class HomeError(StartError):
    """The home folder cannot be used."""


class ModelError(StartError):
    """A model file is missing or altered."""


class MediaError(OpenEkycError):
    """The recording or picture cannot be used."""


class MediaTooLarge(MediaError):
    """The recording or picture exceeds a limit on bytes, pixels, frames or time."""


class MediaTooLong(MediaTooLarge):
    """The recording is longer than allowed."""


class MediaUndecodable(MediaError):
    """The recording or picture cannot be decoded."""


class MediaUnsupported(MediaUndecodable):
    """The recording is of a kind that is not judged: its container or codec, or it has too many tracks."""


class StorageError(OpenEkycError):
    """The store cannot do this."""


class StorageBusy(StorageError):
    """The store takes nothing more right now. Try again in a moment."""


class FileDamaged(StorageError):
    """A stored file is missing or not what was stored. Put the blobs folder back from a backup."""

    def __init__(self, sides: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.sides = sides  # of a document whose pictures these are


class SealBroken(StorageError):
    """A sealed value cannot be opened: it was sealed under another master key, or altered."""

    remedy = "Put back the master.key and the database of one backup: without the key that it was made with a database is lost."


class EngineFault(OpenEkycError):
    """The engine failed before it reached a verdict."""


class SessionError(OpenEkycError):
    """The session refuses this."""

    problem: ClassVar[str] = "refused"
    status: ClassVar[int] = 409


class TokenUnknown(SessionError):
    """The token is unknown."""

    problem, status = "token_unknown", 404


class TokenExpired(SessionError):
    """The token has expired. Ask for a new one."""

    problem, status = "token_expired", 410


class SessionFinished(SessionError):
    """The session is finished."""

    problem = "session_finished"


class RetriesUsedUp(SessionError):
    """No attempt is left for this token."""

    problem = "retries_used_up"


class AttemptUnknown(SessionError):
    """There is no such attempt."""

    problem, status = "attempt_unknown", 404


class AttemptRunning(SessionError):
    """Another attempt of this token is being captured or judged."""

    problem = "attempt_running"


class AttemptClosed(SessionError):
    """The attempt takes nothing more: it was submitted, left or timed out."""

    problem = "attempt_closed"


class AttemptTimedOut(AttemptClosed):
    """The time for this try is over."""

    problem = "attempt_timed_out"


class AttemptOpen(SessionError):
    """The attempt has no verdict yet."""

    problem = "attempt_open"


class DocumentRequired(SessionError):
    """The document has to be read and confirmed first."""

    problem = "document_required"


class DocumentNotPlanned(SessionError):
    """This session asks for no document."""

    problem = "document_not_planned"


class SideUnknown(SessionError):
    """This document has no such side to be photographed."""

    problem, status = "side_unknown", 404


class DocumentBusy(SessionError):
    """Another picture of the document is being read."""

    problem = "document_busy"


class DocumentClosed(SessionError):
    """The document takes no more pictures or corrections: it was confirmed or refused, or too many were sent."""

    problem = "document_closed"


class PictureInvalid(SessionError):
    """The picture is not a JPEG, PNG or WebP."""

    problem, status = "picture_invalid", 415


class PictureTooLarge(SessionError):
    """The picture exceeds the limit on bytes."""

    problem, status = "picture_too_large", 413


class EditsInvalid(SessionError):
    """A correction is not allowed: the field was not shown, or nothing may be corrected in this session."""

    problem, status = "edits_invalid", 400


class NonceWrong(SessionError):
    """The nonce is not the one of this attempt."""

    problem, status = "nonce_wrong", 403


class LightNotPlanned(SessionError):
    """This attempt has no light step."""

    problem = "light_not_planned"


class LightRequired(SessionError):
    """This session cannot do without the light step."""

    problem = "light_required"


class GesturesRequired(SessionError):
    """This session cannot do without these gestures, or none is left that could replace them."""

    problem = "gestures_required"


class OffsetWrong(SessionError):
    """The slice does not start where the recording ends. Continue at the offset named in `received`."""

    problem = "offset_wrong"

    def __init__(self, received: int, message: str = "") -> None:
        super().__init__(message)
        self.received = received


class SliceConflict(SessionError):
    """Another slice was already accepted at this offset."""

    problem = "slice_conflict"


class SliceDamaged(SessionError):
    """The slice does not match its SHA-256 or is empty."""

    problem, status = "slice_damaged", 400


class RecordingTooLarge(SessionError):
    """The recording exceeds the limit on bytes."""

    problem, status = "recording_too_large", 413


class RecordingUnsupported(SessionError):
    """The recording is of a kind that is not judged."""

    problem, status = "recording_unsupported", 415

    def __init__(self, message: str = "", codec: str = "") -> None:
        super().__init__(message)
        self.codec = codec


class RecordingIncomplete(SessionError):
    """The recording is not complete: its size or SHA-256 differs from what was announced."""

    problem = "recording_incomplete"


class TraceTooLarge(SessionError):
    """The trace exceeds its limits."""

    problem, status = "trace_too_large", 413


class TraceInvalid(SessionError):
    """The trace batch is not valid."""

    problem, status = "trace_invalid", 400


class SessionBusy(SessionError):
    """Too many requests of this token at once."""

    problem, status = "session_busy", 429


class TooOften(SessionError):
    """This was tried too often. Try again later."""

    problem, status = "too_often", 429


class LinkError(OpenEkycError):
    """The link opens nothing."""


class LinkInvalid(LinkError):
    """The link is not one of this server's, or was altered."""


class LinkExpired(LinkError):
    """The link has expired. Fetch the result again for a fresh one."""


class ApiError(OpenEkycError):
    """Internal error."""

    code: ClassVar[str] = "InternalError"
    zh: ClassVar[str] = "内部错误。"

    def __init__(self, message: str = "", zh: str = "") -> None:
        super().__init__(message)
        self.message_zh = zh or message or type(self).zh
