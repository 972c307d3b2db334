-- The estate's own schema. Applied at every start, so each statement can be repeated.
create schema if not exists estate;

-- What each kind means. Filled at start from the Python modules, which are the truth.
create table if not exists estate.kinds (
    kind text primary key,
    system text not null,
    live_state text not null,
    retired_state text,              -- null: the system forgets the thing altogether
    effect text not null,            -- what retiring it is called in the ledger
    rests_on_kind text,              -- the kind that `holdings.rests_on` names
    refused_while_used boolean not null,
    keeps_owner boolean not null
);

-- Everything that any system holds, one row for ever; `lifetime` counts how often it was given out.
create table if not exists estate.holdings (
    site text not null,
    kind text not null,
    handle text not null,
    owner text,
    state text,                      -- null: the system has no such thing (any more)
    rests_on text,                   -- a port's VLAN, a scope's subnet, a handset's number
    stops_at timestamptz,            -- charges only
    attributes jsonb not null default '{}',
    lifetime integer not null default 1,
    version integer not null default 1,
    born_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    constraint holdings_pk primary key (site, kind, handle)
);
create index if not exists holdings_by_owner on estate.holdings (owner, site, kind, handle)
    where owner is not null;
create index if not exists holdings_by_support on estate.holdings (site, rests_on)
    where rests_on is not null;
create unique index if not exists holdings_user_id on estate.holdings (handle)
    where kind = 'user_account';
-- Its condition is not the one that searches use: a plan made before the users are loaded would
-- else take this index for an empty one and read all of it.
create unique index if not exists holdings_user_name
    on estate.holdings (lower(attributes ->> 'userName'))
    where kind = 'user_account' and state in ('active', 'inactive');

-- Things in use right now or in the past: calls, Wi-Fi sessions, DHCP leases.
create table if not exists estate.uses (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    system text not null,
    site text not null,
    use text not null,
    kind text not null,
    handle text not null,
    peer text,
    ended_at timestamptz
);
create index if not exists uses_live on estate.uses (site, handle) where ended_at is null;
create index if not exists uses_live_peer on estate.uses (site, peer) where ended_at is null;

create table if not exists estate.faults (
    name text primary key,
    spec jsonb not null,
    seen integer not null default 0  -- matching calls so far: where the seeded sequence stands
);

-- The ledger.
create table if not exists estate.calls (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    system text not null,
    site text,
    operation text not null,
    items integer not null,
    request_key text,
    status integer,                  -- null: no answer was given
    fault text
);
create table if not exists estate.effects (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    system text not null,
    site text not null,
    kind text not null,
    handle text not null,
    lifetime integer not null,
    owner_before text,
    key text,
    effect text not null,
    direct boolean not null          -- false: a consequence of the order, not the order itself
);
create unique index if not exists effects_key on estate.effects (key)
    where direct and system <> 'accounts';  -- SCIM has no idempotency keys
create index if not exists effects_by_handle on estate.effects (site, kind, handle);

create or replace function estate.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only' using errcode = 'restrict_violation';
end $$;
create or replace trigger calls_append_only before update or delete or truncate
    on estate.calls for each statement execute function estate.refuse_change();
create or replace trigger effects_append_only before update or delete or truncate
    on estate.effects for each statement execute function estate.refuse_change();

-- Every operation answers (status, body). What a holding looks like to a caller:
create or replace function estate.show(h estate.holdings) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'kind', h.kind, 'handle', h.handle, 'owner', h.owner, 'rests_on', h.rests_on,
        'state', case when h.stops_at > now() then 'stopping' else h.state end,
        'stops_at', h.stops_at, 'attributes', h.attributes, 'lifetime', h.lifetime)
$$;

create or replace function estate.read_holdings(
    p_site text, p_kinds text[], p_handles text[], out status integer, out body text
) language plpgsql as $$
begin
    -- Only a ledger row of a read is at stake when the server dies: no reason to wait for the disk.
    perform set_config('synchronous_commit', 'off', true);
    select 200, json_build_object('items', json_agg(json_build_object(
            'kind', a.kind, 'handle', a.handle, 'owner', h.owner, 'rests_on', h.rests_on,
            'state', case when h.stops_at > now() then 'stopping' else h.state end,
            'stops_at', h.stops_at) order by a.n))::text
        into status, body
        from unnest(p_kinds, p_handles) with ordinality as a (kind, handle, n)
        left join estate.holdings h
            on h.site = p_site and h.kind = a.kind and h.handle = a.handle;
end $$;

create or replace function estate.list_owned(
    p_system text, p_site text, p_owner text, p_after text, p_limit integer,
    out status integer, out body text
) language plpgsql as $$
begin
    select 200, jsonb_build_object('items', coalesce(jsonb_agg(estate.show(found.page)), '[]'),
            'next', case when count(*) = p_limit
                then (array_agg((found.page).kind || '/' || (found.page).handle))[p_limit] end)::text
        into status, body
        from (
            select h from estate.holdings h join estate.kinds k on k.kind = h.kind
                and k.system = p_system
            where h.site = p_site and h.owner = p_owner
                and (p_after is null or h.kind || '/' || h.handle > p_after)
            order by h.kind || '/' || h.handle limit p_limit
        ) as found (page);
end $$;

create or replace function estate.provision(
    p_system text, p_site text, p_kinds text[], p_handles text[], p_owners text[],
    p_states text[], p_rests_on text[], p_stops timestamptz[], p_attributes jsonb[],
    out status integer, out body text
) language plpgsql as $$
declare given integer;
begin
    with put as (
        insert into estate.holdings as h
            (site, kind, handle, owner, state, rests_on, stops_at, attributes)
        select p_site, r.* from unnest(p_kinds, p_handles, p_owners, p_states, p_rests_on,
            p_stops, p_attributes) as r
        order by 2, 3
        on conflict on constraint holdings_pk do update set
            owner = excluded.owner, state = excluded.state, rests_on = excluded.rests_on,
            stops_at = excluded.stops_at, attributes = excluded.attributes,
            changed_at = now(), version = h.version + 1,
            -- Taken back, or given to somebody else: a new lifetime.
            lifetime = h.lifetime + (h.state is null
                or h.owner is distinct from excluded.owner)::integer,
            born_at = case when h.state is null or h.owner is distinct from excluded.owner
                then now() else h.born_at end
        returning h.kind, h.handle, h.lifetime, h.born_at
    ), told as (
        insert into estate.effects (system, site, kind, handle, lifetime, effect, direct)
        select p_system, p_site, put.kind, put.handle, put.lifetime, 'provisioned', true
        from put where put.born_at = now()
    )
    select count(*) into given from put;
    status := 200;
    body := json_build_object('provisioned', given)::text;
exception when unique_violation then
    status := 409;
    body := '{"title":"a user name or id in the batch belongs to another user"}';
end $$;

-- Ends every live use of the things given, as consequences of the order with that key.
create or replace function estate.end_uses(
    p_system text, p_site text, p_owner text, p_kinds text[], p_handles text[], p_keys text[]
) returns void language plpgsql as $$
begin
    with over as (
        update estate.uses u set ended_at = clock_timestamp()
        from unnest(p_kinds, p_handles, p_keys) as a (kind, handle, key)
        where u.site = p_site and u.ended_at is null and u.kind = a.kind
            and (u.handle = a.handle or u.peer = a.handle)
        returning u.use, u.id, a.key
    )
    insert into estate.effects
        (system, site, kind, handle, lifetime, owner_before, key, effect, direct)
    select p_system, p_site, over.use, over.id::text, 1, p_owner, over.key, over.use || '_ended',
        false
    from over;
end $$;

-- A number that goes out of service takes its handset logins with it.
create or replace function estate.end_logins(
    p_site text, p_numbers text[], p_keys text[]
) returns void language plpgsql as $$
begin
    with old as (
        select h.handle, h.owner, a.key from unnest(p_numbers, p_keys) as a (number, key)
        join estate.holdings h on h.site = p_site and h.rests_on = a.number
            and h.kind = 'handset_login'
        order by h.handle for update of h
    ), over as (
        update estate.holdings h set owner = null, state = null, rests_on = null,
            changed_at = now(), version = h.version + 1
        from old where h.site = p_site and h.kind = 'handset_login' and h.handle = old.handle
        returning h.handle, h.lifetime, old.owner, old.key
    )
    insert into estate.effects
        (system, site, kind, handle, lifetime, owner_before, key, effect, direct)
    select 'telephony', p_site, 'handset_login', over.handle, over.lifetime, over.owner, over.key,
        'handset_logged_out', false
    from over;
end $$;

-- How many of the owner's things are rested on by something that does not go with them.
create or replace function estate.in_use(
    p_site text, p_owner text, p_kinds text[], p_handles text[]
) returns integer language sql as $$
    select count(distinct (a.kind, a.handle))::integer
    from unnest(p_kinds, p_handles) as a (kind, handle)
    join estate.kinds k on k.kind = a.kind and k.refused_while_used
    join estate.holdings own on own.site = p_site and own.kind = a.kind
        and own.handle = a.handle and own.owner = p_owner
    join estate.kinds u on u.rests_on_kind = a.kind
    join estate.holdings h on h.site = p_site and h.rests_on = a.handle and h.kind = u.kind
    where not exists (
        select from unnest(p_kinds, p_handles) as b (kind, handle)
        where b.kind = h.kind and b.handle = h.handle)
$$;

create or replace function estate.retire(
    p_system text, p_site text, p_owner text, p_effective_at timestamptz,
    p_kinds text[], p_handles text[], p_keys text[], out status integer, out body text
) language plpgsql as $$
declare done_kinds text[]; done_handles text[]; done_keys text[]; used integer;
begin
    perform from unnest(p_kinds, p_handles) as a (kind, handle)
        join estate.holdings h on h.site = p_site and h.kind = a.kind and h.handle = a.handle
        order by h.kind, h.handle for update of h;
    if p_system = 'network' then
        used := estate.in_use(p_site, p_owner, p_kinds, p_handles);
        if used > 0 then
            status := 409;
            body := json_build_object('title', 'still in use', 'in_use', used)::text;
            return;
        end if;
    end if;
    with judged as (
        select a.*, h.owner, h.lifetime, k.retired_state, k.effect, k.keeps_owner, case
            when e.handle = a.handle and e.kind = a.kind and e.site = p_site then 'retired'
            when e.handle is not null then 'key_reused'
            when h.state is null then 'unknown'
            when h.owner is null and h.state = k.retired_state then 'already_retired'
            when h.owner is distinct from p_owner then 'other_owner'
            when h.stops_at <= p_effective_at then 'already_retired'
            when h.attributes -> 'remote_logout' = 'false' then 'not_remote'
            else 'due' end as verdict
        from unnest(p_kinds, p_handles, p_keys) with ordinality as a (kind, handle, key, n)
        join estate.kinds k on k.kind = a.kind
        left join estate.holdings h
            on h.site = p_site and h.kind = a.kind and h.handle = a.handle
        left join estate.effects e on e.key = a.key and e.direct and e.system <> 'accounts'
    ), changed as (
        update estate.holdings h set
            owner = case when j.keeps_owner then h.owner end, state = j.retired_state,
            rests_on = null, stops_at = case when j.keeps_owner then p_effective_at end,
            changed_at = now(), version = h.version + 1
        from judged j where j.verdict = 'due'
            and h.site = p_site and h.kind = j.kind and h.handle = j.handle
    ), told as (
        insert into estate.effects
            (system, site, kind, handle, lifetime, owner_before, key, effect, direct)
        select p_system, p_site, j.kind, j.handle, j.lifetime, j.owner, j.key, j.effect, true
        from judged j where j.verdict = 'due' order by j.n
    )
    select 200, json_build_object('items', json_agg(json_build_object('kind', j.kind,
            'handle', j.handle,
            'outcome', case j.verdict when 'due' then 'retired' else j.verdict end)
            order by j.n))::text,
        array_agg(j.kind) filter (where j.verdict = 'due'),
        array_agg(j.handle) filter (where j.verdict = 'due'),
        array_agg(j.key) filter (where j.verdict = 'due')
        into status, body, done_kinds, done_handles, done_keys
        from judged j;
    if done_kinds is null or p_system in ('switching', 'billing') then
        return;
    end if;
    perform estate.end_uses(p_system, p_site, p_owner, done_kinds, done_handles, done_keys);
    if p_system = 'telephony' then
        perform estate.end_logins(p_site, array_agg(d.handle), array_agg(d.key))
            from unnest(done_kinds, done_handles, done_keys) as d (kind, handle, key)
            where d.kind = 'phone_number';
    end if;
end $$;
