-- SCIM 2.0 users (RFC 7643, RFC 7644). A user's id is its handle, its organization its owner.
create or replace function estate.scim_user(h estate.holdings) returns jsonb
language sql stable as $$
    select h.attributes || jsonb_build_object(
        'schemas', jsonb_build_array('urn:ietf:params:scim:schemas:core:2.0:User',
            'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'),
        'id', h.handle, 'active', h.state = 'active',
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
            jsonb_strip_nulls(jsonb_build_object('organization', h.owner, 'division', h.site)),
        'meta', jsonb_build_object('resourceType', 'User', 'created', h.born_at,
            'lastModified', h.changed_at, 'version', 'W/"' || h.version || '"',
            'location', '/scim/v2/Users/' || h.handle))
$$;

create or replace function estate.scim_error(
    p_status integer, p_detail text, p_type text, out status integer, out body text
) language sql as $$
    select p_status, jsonb_strip_nulls(jsonb_build_object(
        'schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:Error'),
        'status', p_status::text, 'scimType', p_type, 'detail', p_detail))::text
$$;

create or replace function estate.scim_get(p_id text, out status integer, out body text)
language plpgsql as $$
begin
    select 200, estate.scim_user(h)::text into status, body from estate.holdings h
        where h.kind = 'user_account' and h.handle = p_id and h.state is not null;
    if not found then
        select e.* into status, body from estate.scim_error(404, 'no such user', null) e;
    end if;
end $$;

create or replace function estate.scim_create(
    p_site text, p_id text, p_owner text, p_active boolean, p_attributes jsonb,
    out status integer, out body text
) language plpgsql as $$
declare made integer;
begin
    select p.status into made from estate.provision('accounts', p_site, array['user_account'],
        array[p_id], array[p_owner], array[case when p_active then 'active' else 'inactive' end],
        array[null::text], array[null::timestamptz], array[p_attributes]) p;
    if made = 200 then
        select 201, g.body into status, body from estate.scim_get(p_id) g;
    else
        select e.* into status, body
            from estate.scim_error(409, 'userName is taken', 'uniqueness') e;
    end if;
end $$;

create or replace function estate.scim_patch(
    p_id text, p_version text, p_owner text, p_active boolean, p_attributes jsonb,
    out status integer, out body text
) language plpgsql as $$
declare h estate.holdings;
begin
    select f.* into h from estate.holdings f
        where f.kind = 'user_account' and f.handle = p_id and f.state is not null for update;
    if h.handle is null then
        select e.* into status, body from estate.scim_error(404, 'no such user', null) e;
        return;
    elsif p_version <> 'W/"' || h.version || '"' then
        select e.* into status, body from estate.scim_error(412, 'the user has changed', null) e;
        return;
    end if;
    update estate.holdings f set owner = coalesce(p_owner, f.owner),
        state = case p_active when true then 'active' when false then 'inactive' else f.state end,
        attributes = f.attributes || p_attributes, version = f.version + 1, changed_at = now()
        where f.kind = 'user_account' and f.handle = p_id;
    if p_active is not null and p_active is distinct from (h.state = 'active') then
        insert into estate.effects (system, site, kind, handle, lifetime, owner_before, effect,
            direct)
        values ('accounts', h.site, h.kind, h.handle, h.lifetime, h.owner,
            case when p_active then 'user_enabled' else 'user_disabled' end, true);
    end if;
    select g.* into status, body from estate.scim_get(p_id) g;
end $$;

create or replace function estate.scim_delete(
    p_id text, p_version text, p_key text, out status integer, out body text
) language plpgsql as $$
declare h estate.holdings;
begin
    select f.* into h from estate.holdings f
        where f.kind = 'user_account' and f.handle = p_id and f.state is not null for update;
    if h.handle is null then
        select e.* into status, body from estate.scim_error(404, 'no such user', null) e;
        return;
    elsif p_version <> 'W/"' || h.version || '"' then
        select e.* into status, body from estate.scim_error(412, 'the user has changed', null) e;
        return;
    end if;
    update estate.holdings f set owner = null, state = null, attributes = '{}',
        version = f.version + 1, changed_at = now()
        where f.kind = 'user_account' and f.handle = p_id;
    insert into estate.effects
        (system, site, kind, handle, lifetime, owner_before, key, effect, direct)
    values ('accounts', h.site, h.kind, h.handle, h.lifetime, h.owner, p_key, 'user_deleted', true);
    status := 204;
    body := '';
end $$;

-- Each element of `p_operations`: method, id, version, key, site, owner, active, attributes.
create or replace function estate.scim_bulk(
    p_operations jsonb, p_fail_on_errors integer, out status integer, out body text
) language plpgsql as $$
declare o record; answer record; errors integer := 0; results jsonb[] := '{}';
begin
    for o in select * from jsonb_to_recordset(p_operations) as o (method text, id text,
        version text, key text, site text, owner text, active boolean, attributes jsonb)
    loop
        exit when errors >= p_fail_on_errors;
        case o.method
        when 'DELETE' then select * into answer from estate.scim_delete(o.id, o.version, o.key);
        when 'PATCH' then select * into answer
            from estate.scim_patch(o.id, o.version, o.owner, o.active, o.attributes);
        else select * into answer
            from estate.scim_create(o.site, o.id, o.owner, o.active, o.attributes);
        end case;
        errors := errors + (answer.status >= 400)::integer;
        results := results || jsonb_strip_nulls(jsonb_build_object('method', o.method,
            'bulkId', o.key, 'location', '/scim/v2/Users/' || o.id,
            'status', answer.status::text,
            'response', case when answer.status >= 400 then answer.body::jsonb end));
    end loop;
    status := 200;
    body := jsonb_build_object('schemas',
        jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:BulkResponse'),
        'Operations', to_jsonb(results))::text;
end $$;
