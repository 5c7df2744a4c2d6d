"""Copies of a PostgreSQL database, each used by one test after another.

To copy one takes the server a quarter of a second of a core, since it has some 300 files; to empty and fill
again what a test wrote, a small part of that.
"""

from uuid import uuid4

import psycopg

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1"
_SHAPE = """
SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
  SELECT format('%s %s %s %s', c.relname, a.attname, a.atttypid, a.attnotnull) AS line FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
  UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
) AS lines"""
_COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = format('public.%%I', %s::text)::regclass
  AND attnum > 0 AND attgenerated = '' AND NOT attisdropped"""
_SEQUENCES = """
CREATE TABLE kept_of.sequences AS
SELECT format('%I.%I', schemaname, sequencename) AS name, coalesce(last_value, start_value) AS value,
  last_value IS NOT NULL AS called FROM pg_sequences"""
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


_AS_IT_WAS = "_as_it_was"
"""Other names than those of the tables, by which tests ask for statistics."""


class Copies:
    """The copies on a server that no test uses now."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._free: dict[str, list[str]] = {}
        self._used: dict[str, str] = {}

    def prepare(self, template: str) -> None:
        """Keep beside what is in a database how it is, in a schema that its copies have too."""
        with psycopg.connect(self.url_of(template)) as connection:
            connection.execute("CREATE SCHEMA kept")
            connection.execute("CREATE SCHEMA kept_of")
            for (table,) in connection.execute(_TABLES, ["public"]).fetchall():
                if connection.execute(f'SELECT 1 FROM public."{table}" LIMIT 1').fetchone():
                    connection.execute(f'CREATE TABLE kept."{table}{_AS_IT_WAS}" AS TABLE public."{table}"')
            connection.execute(f"CREATE TABLE kept_of.shape AS {_SHAPE}")
            connection.execute(_SEQUENCES)
            tables = [table for (table,) in connection.execute(_TABLES, ["public"])]
            connection.execute(f"CREATE TABLE kept_of.contents AS {_ask_contents(tables)}")

    def take(self, template: str) -> str:
        """Return the name of a database that is as the template is."""
        free = self._free.setdefault(template, [])
        if free:
            name = free.pop()
        else:
            name = f"office_{uuid4().hex}"
            # As files: through its log, as it does otherwise, the server takes twice as long.
            _execute(self._server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        self._used[name] = template
        return name

    def give_back(self, name: str) -> None:
        """Make a database as its template is, for the next test; it goes where a test changed its schema."""
        template = self._used.pop(name)
        if self._restore(name):
            self._free[template].append(name)
        else:
            _execute(self._server, f"DROP DATABASE {name} WITH (FORCE)")

    def url_of(self, name: str) -> str:
        """Return the URL of a database of this server."""
        return self._server.replace("/postgres?", f"/{name}?")

    def _restore(self, name: str) -> bool:
        with psycopg.connect(self.url_of(name)) as connection:
            connection.execute(_OTHERS)
            connection.execute("SET LOCAL session_replication_role = replica")  # no triggers, no references
            if connection.execute(_SHAPE).fetchone() != connection.execute("TABLE kept_of.shape").fetchone():
                return False
            tables = [table for (table,) in connection.execute(_TABLES, ["public"])]
            now = connection.execute(_ask_contents(tables)).fetchone() or ([],)
            before = connection.execute("TABLE kept_of.contents").fetchone() or ([],)
            compared = zip(tables, now[0], before[0], strict=True)
            changed = [f'public."{table}"' for table, is_now, was in compared if is_now != was]
            if changed:  # as files, not by rows: what is written lies in the order in which it is written
                connection.execute(f"TRUNCATE {', '.join(changed)} CASCADE")
            for (kept,) in connection.execute(_TABLES, ["kept"]).fetchall():
                table = kept.removesuffix(_AS_IT_WAS)
                (columns,) = connection.execute(_COLUMNS, [table]).fetchone() or ("",)
                filled = connection.execute(
                    f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE '
                    f'SELECT {columns} FROM kept."{kept}" '
                    f'WHERE NOT EXISTS (SELECT FROM public."{table}")'
                )
                if filled.rowcount:  # as after the import that the template is of
                    connection.execute(f'ANALYZE public."{table}"')
            connection.execute("SELECT setval(name, value, called) FROM kept_of.sequences")
        return True


def _ask_contents(tables: list[str]) -> str:
    told = [
        f"(SELECT md5(coalesce(string_agg(t::text, '|'), '')) FROM public.\"{name}\" t)" for name in tables
    ]
    return f"SELECT ARRAY[{', '.join(told)}]"


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
