"""The database's side of identity: who acts (sealed), whom they may see, and what was changed.

The functions stand in the schema `identity`. Policies call them in scalar sub-selects only: called per
row they cost three hundred times as much.
"""

EXTENSIONS = """
create extension if not exists btree_gist;
create extension if not exists pg_trgm;
create extension if not exists unaccent;
"""

FUNCTIONS = """
create schema if not exists identity;

create table identity.key (
    id smallint primary key,
    inner_pad bytea not null,
    outer_pad bytea not null
);

create function identity.claims() returns jsonb
    language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare
    claims text := current_setting('app.claims', true);
    seal text := current_setting('app.seal', true);
begin
    if claims is null or claims = '' or seal is null then
        return null;
    end if;
    if not exists (
        select from identity.key
        where encode(sha256(outer_pad || sha256(inner_pad || convert_to(claims, 'UTF8'))), 'hex') = seal
    ) then
        return null;
    end if;
    if (claims::jsonb->>'x')::float8 < extract(epoch from clock_timestamp()) then
        return null;
    end if;
    return claims::jsonb;
end $$;

create function identity.person() returns bigint language sql stable parallel safe as
    $$ select (identity.claims()->>'p')::bigint $$;

create function identity.staff_of() returns int[] language sql stable parallel safe as
    $$ select coalesce(array(select jsonb_array_elements_text(identity.claims()->'s')::int), '{}') $$;

create function identity.writes_for() returns int[] language sql stable parallel safe as
    $$ select coalesce(array(select jsonb_array_elements_text(identity.claims()->'w')::int), '{}') $$;

-- The sensitive children (adoption, protected address) this person is not named for.
create function identity.withheld() returns bigint[]
    language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
declare
    who jsonb := identity.claims();
begin
    if who is null or (who->>'c')::boolean then
        return '{}';
    end if;
    return array(
        select s.child_id from children_sensitivity s
        where (
            s.authority_id in (select jsonb_array_elements_text(who->'s')::int)
            or s.child_id in (select i.child_id from children_involvement i where i.person_id = (who->>'p')::bigint)
        ) and not exists (
            select from children_involvement i
            where i.authority_id = s.authority_id and i.child_id = s.child_id and i.is_named
              and i.person_id = (who->>'p')::bigint
              and i.starts <= current_date and (i.ends is null or i.ends > current_date)
        )
    );
end $$;

-- What a statement changed, kept where the application can read but not write. `tg_argv[0]` names the
-- column that holds the child.
create function identity.record_change() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    told jsonb := coalesce(nullif(current_setting('app.context', true), ''), '{}')::jsonb;
    who bigint := (identity.claims()->>'p')::bigint;
    kept text := tg_argv[0];
begin
    if tg_op = 'INSERT' then
        insert into audit_change
            (authority_id, child_id, table_name, row_id, operation, before, at, person_id, context, action)
        select (n->>'authority_id')::int, (n->>kept)::bigint, tg_table_name, (n->>'id')::bigint, 'insert', null,
               clock_timestamp(), who, (told->>'id')::uuid, coalesce(told->>'action', '')
        from (select to_jsonb(r) as n from new_rows r) rows;
    elsif tg_op = 'DELETE' then
        insert into audit_change
            (authority_id, child_id, table_name, row_id, operation, before, at, person_id, context, action)
        select (o->>'authority_id')::int, (o->>kept)::bigint, tg_table_name, (o->>'id')::bigint, 'delete', o,
               clock_timestamp(), who, (told->>'id')::uuid, coalesce(told->>'action', '')
        from (select to_jsonb(r) as o from old_rows r) rows;
    else
        insert into audit_change
            (authority_id, child_id, table_name, row_id, operation, before, at, person_id, context, action)
        select (o->>'authority_id')::int, (o->>kept)::bigint, tg_table_name, (o->>'id')::bigint, 'update',
               (select jsonb_object_agg(key, value) from jsonb_each(o) where value is distinct from n->key),
               clock_timestamp(), who, (told->>'id')::uuid, coalesce(told->>'action', '')
        from (select to_jsonb(r) as o, r.id from old_rows r) olds
        join (select to_jsonb(r) as n, r.id from new_rows r) news using (id)
        where o is distinct from n;
    end if;
    return null;
end $$;

revoke execute on all functions in schema identity from public;
grant usage on schema identity to vs_app, vs_backup;
grant execute on function identity.claims(), identity.person(), identity.staff_of(), identity.writes_for(),
    identity.withheld() to vs_app;
"""

FUNCTIONS_REVERSE = "drop schema identity cascade;"

VOICE_ENTRY = """
create function identity.voice_entry() returns bigint language sql stable parallel safe as
    $$ select (identity.claims()->>'v')::bigint $$;
revoke execute on function identity.voice_entry() from public;
grant execute on function identity.voice_entry() to vs_app;
"""

VOICE_ENTRY_REVERSE = "drop function identity.voice_entry();"
