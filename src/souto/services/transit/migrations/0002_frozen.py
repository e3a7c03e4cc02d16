"""A published version of a service never changes: the database itself refuses."""

from django.db import migrations

FREEZE = """
create function transit_keep_published() returns trigger language plpgsql as $$
begin
    if old.state <> 'draft' then
        raise exception 'a published version of a service never changes' using errcode = 'restrict_violation';
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end
$$;
create trigger transit_keep_published before update or delete on transit_serviceversion
    for each row execute function transit_keep_published();
"""
THAW = """
drop trigger transit_keep_published on transit_serviceversion;
drop function transit_keep_published();
"""


class Migration(migrations.Migration):
    dependencies = [("transit", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
