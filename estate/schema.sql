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
