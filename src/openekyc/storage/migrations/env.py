"""Alembic's entry: runs the revisions on the connection that `storage.migrate` hands over, inside its transaction."""

from typing import Any

from alembic import context

from openekyc.storage.tables import metadata

attributes = context.config.attributes
told = attributes.get("told", lambda text: None)


def _applied(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    told(f"revision {step.up_revision_id} is in place")


context.configure(connection=attributes["connection"], target_metadata=metadata, render_as_batch=True, on_version_apply=_applied)
context.run_migrations()
