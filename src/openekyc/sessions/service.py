"""One verification from token to verdict, seen from its sides. Rules live in `machine`, `changes`, `challenge`, `recording`,
`trace` and `cards` (pure); what all sides share in `records`."""

from openekyc.sessions.auditing import AuditSide
from openekyc.sessions.capturing import CaptureSide
from openekyc.sessions.consenting import ConsentSide
from openekyc.sessions.documenting import DocumentSide
from openekyc.sessions.integrator import IntegratorSide
from openekyc.sessions.judging import JudgeSide


class SessionService(IntegratorSide, ConsentSide, CaptureSide, DocumentSide, JudgeSide, AuditSide):
    """The service the API, the capture endpoints, the jobs and the operator's commands call. Every method raises a SessionError for what it
    refuses; a port's own failures (KeyError, OSError, the database's errors) pass through as they are."""
