"""What is published is frozen: the database itself refuses any change of it but being superseded once, and any deletion."""

from django.db import migrations

FREEZE = """
create function procedures_keep_published() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.state <> 'draft' then
            raise exception 'a published procedure version is never deleted' using errcode = 'restrict_violation';
        end if;
        return old;
    end if;
    if old.state = 'draft' then
        if new.state not in ('draft', 'published') then
            raise exception 'a draft is published before it is superseded' using errcode = 'restrict_violation';
        end if;
        return new;
    end if;
    if old.state = 'published' and new.state = 'superseded' and new.superseded_at is not null and
        row(new.id, new.procedure_id, new.number, new.body, new.body_hash, new.is_demo, new.created_at, new.published_at, new.published_by_id)
        is not distinct from
        row(old.id, old.procedure_id, old.number, old.body, old.body_hash, old.is_demo, old.created_at, old.published_at, old.published_by_id)
    then
        return new;
    end if;
    raise exception 'a published procedure version never changes' using errcode = 'restrict_violation';
end
$$;
create trigger procedures_keep_published before update or delete on procedures_procedureversion
    for each row execute function procedures_keep_published();

create function procedures_keep_facts() returns trigger language plpgsql as $$
begin
    raise exception 'a dated fact is never rewritten; a later one corrects it' using errcode = 'restrict_violation';
end
$$;
create trigger procedures_keep_facts before update or delete on procedures_inventoryfact
    for each row execute function procedures_keep_facts();
"""

THAW = """
drop trigger procedures_keep_published on procedures_procedureversion;
drop function procedures_keep_published();
drop trigger procedures_keep_facts on procedures_inventoryfact;
drop function procedures_keep_facts();
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
