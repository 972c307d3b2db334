-- Taking things out of service, with all that follows from it, in one transaction.
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

-- A system that ignores keys does what it is told once more, which a key's own effect cannot show.
drop function if exists estate.retire(text, text, text, timestamptz, text[], text[], text[]);
create or replace function estate.retire(
    p_system text, p_site text, p_owner text, p_effective_at timestamptz,
    p_kinds text[], p_handles text[], p_keys text[], p_honours_keys boolean,
    out status integer, out body text
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
            when e.handle = a.handle and e.kind = a.kind and e.site = p_site
                then case when p_honours_keys then 'retired' else 'again' end
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
        select p_system, p_site, j.kind, j.handle, j.lifetime,
            case j.verdict when 'due' then j.owner else p_owner end,
            case j.verdict when 'due' then j.key end, j.effect, true
        from judged j where j.verdict in ('due', 'again') order by j.n
    )
    select 200, json_build_object('items', json_agg(json_build_object('kind', j.kind,
            'handle', j.handle,
            'outcome', case when j.verdict in ('due', 'again') then 'retired'
                else j.verdict end)
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
