-- What was retired and comes back: a fault of systems that restore an old copy of themselves.
create table if not exists estate.returns (
    due_at timestamptz not null,
    site text not null,
    kind text not null,
    handle text not null,
    owner text not null,
    state text not null,
    rests_on text,
    stops_at timestamptz,
    attributes jsonb not null
);
create index if not exists returns_due on estate.returns (due_at);

-- Without a site the handles are those of users, which are unique over all sites.
create or replace function estate.remember(
    p_site text, p_kinds text[], p_handles text[], p_after_s double precision
) returns void language sql as $$
    insert into estate.returns
    select now() + make_interval(secs => p_after_s), h.site, h.kind, h.handle, h.owner, h.state,
        h.rests_on, h.stops_at, h.attributes
    from unnest(p_kinds, p_handles) as a (kind, handle)
    join estate.holdings h on (h.site = p_site or h.kind = 'user_account')
        and h.kind = a.kind and h.handle = a.handle
    where h.owner is not null and h.state is not null and h.stops_at is null
$$;

-- Returns the seconds until the next is due, or null. What was never retired is not touched; what
-- comes back has a new lifetime, so that it may be taken out of service once more.
create or replace function estate.come_back() returns double precision language plpgsql as $$
begin
    with due as (
        delete from estate.returns r where r.due_at <= now() returning r.*
    ), back as (
        update estate.holdings h set owner = d.owner, state = d.state, rests_on = d.rests_on,
            stops_at = d.stops_at, attributes = d.attributes, changed_at = now(),
            version = h.version + 1, lifetime = h.lifetime + 1, born_at = now()
        from due d where h.site = d.site and h.kind = d.kind and h.handle = d.handle
            and (h.owner is null or h.stops_at is not null)
        returning h.site, h.kind, h.handle, h.lifetime
    )
    insert into estate.effects (system, site, kind, handle, lifetime, effect, direct)
    select k.system, back.site, back.kind, back.handle, back.lifetime, 'provisioned', true
    from back join estate.kinds k on k.kind = back.kind;
    return (select extract(epoch from min(r.due_at) - clock_timestamp()) from estate.returns r);
end $$;
