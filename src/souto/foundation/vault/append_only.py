"""Append-only tables: a trigger in the database refuses to change, delete or truncate what was written.

operations = [migrations.RunSQL(*append_only("audit_entry"))]
"""

from __future__ import annotations

_FUNCTION = """
CREATE OR REPLACE FUNCTION souto_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only a test database says souto.may_truncate: its rows are thrown away between tests.
    IF TG_OP = 'TRUNCATE' AND current_setting('souto.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> tuple[str, str]:
    """SQL that makes `table` append-only, and SQL that undoes it (for `migrations.RunSQL`)."""
    forward = f"""{_FUNCTION}
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION souto_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION souto_refuse_change();
"""
    reverse = f"""
DROP TRIGGER IF EXISTS {table}_append_only ON {table};
DROP TRIGGER IF EXISTS {table}_no_truncate ON {table};
"""
    return forward, reverse


def kept(table: str) -> tuple[str, str]:
    """SQL that lets no row of `table` be deleted while it may still be changed, and SQL that undoes it (for `migrations.RunSQL`)."""
    forward = f"""{_FUNCTION}
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION souto_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION souto_refuse_change();
"""
    reverse = f"""
DROP TRIGGER IF EXISTS {table}_kept ON {table};
DROP TRIGGER IF EXISTS {table}_no_truncate ON {table};
"""
    return forward, reverse
