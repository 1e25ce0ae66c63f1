"""Alembic's entry: runs the revisions on the connection that `storage.migrate` hands over, inside its transaction."""

from alembic import context

from openekyc.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
