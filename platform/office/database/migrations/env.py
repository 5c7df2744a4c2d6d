"""What Alembic runs for every migration command: it works on the connection that migrate.py hands over."""

from alembic import context

from kantoor.office.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
