-- Trying to use what the estate holds. 201: it works; 403: it does not, and `reason` says why.
create or replace function estate.refused(p_reason text, out status integer, out body text)
language sql as $$
    select 403, json_build_object('outcome', 'refused', 'reason', p_reason)::text
$$;

create or replace function estate.worked(
    p_outcome text, p_detail jsonb, out status integer, out body text
) language sql as $$
    select 201, (jsonb_build_object('outcome', p_outcome) || p_detail)::text
$$;

create or replace function estate.state_of(p_site text, p_kind text, p_handle text)
returns text language sql stable as $$
    select h.state from estate.holdings h
    where h.site = p_site and h.kind = p_kind and h.handle = p_handle
$$;

create or replace function estate.begin_use(
    p_system text, p_site text, p_use text, p_kind text, p_handle text, p_peer text
) returns bigint language sql as $$
    insert into estate.uses (system, site, use, kind, handle, peer)
    values (p_system, p_site, p_use, p_kind, p_handle, p_peer) returning id
$$;

-- A number that the site does not know is somebody outside: it can always call and be called.
create or replace function estate.place_call(
    p_site text, p_from text, p_to text, out status integer, out body text
) language plpgsql as $$
begin
    perform from estate.holdings h where h.site = p_site and h.kind = 'phone_number'
        and h.handle in (p_from, p_to) order by h.handle for share;
    case
    when estate.state_of(p_site, 'phone_number', p_from) <> 'in_service' then
        select r.* into status, body from estate.refused('caller_out_of_service') r;
    when estate.state_of(p_site, 'phone_number', p_to) <> 'in_service' then
        select r.* into status, body from estate.refused('called_out_of_service') r;
    when estate.state_of(p_site, 'phone_number', p_to) is not null and not exists (
        select from estate.holdings h where h.site = p_site and h.rests_on = p_to
            and h.kind = 'handset_login') then
        select r.* into status, body from estate.refused('not_logged_in') r;
    else
        select w.* into status, body from estate.worked('ringing', jsonb_build_object('call',
            estate.begin_use('telephony', p_site, 'call', 'phone_number', p_from, p_to))) w;
    end case;
end $$;

create or replace function estate.log_in(
    p_site text, p_handset text, p_number text, p_device_type text,
    out status integer, out body text
) language plpgsql as $$
declare n estate.holdings;
begin
    select h.* into n from estate.holdings h where h.site = p_site and h.kind = 'phone_number'
        and h.handle = p_number for share;
    if n.state is distinct from 'in_service' then
        select r.* into status, body from estate.refused('number_out_of_service') r;
        return;
    end if;
    perform estate.provision('telephony', p_site, array['handset_login'], array[p_handset],
        array[n.owner], array['logged_in'], array[p_number], array[null::timestamptz],
        array[jsonb_build_object('number', p_number, 'device_type', p_device_type)]);
    select w.* into status, body from estate.worked('logged_in', '{}') w;
end $$;

create or replace function estate.log_out(
    p_site text, p_number text, out status integer, out body text
) language plpgsql as $$
begin
    update estate.holdings h set owner = null, state = null, rests_on = null,
        changed_at = now(), version = h.version + 1
    where h.site = p_site and h.kind = 'handset_login' and h.rests_on = p_number;
    if found then
        select w.* into status, body from estate.worked('logged_out', '{}') w;
    else
        select r.* into status, body from estate.refused('not_logged_in') r;
    end if;
end $$;

create or replace function estate.join_wifi(
    p_site text, p_account text, p_device text, out status integer, out body text
) language plpgsql as $$
declare h estate.holdings;
begin
    select f.* into h from estate.holdings f where f.site = p_site
        and f.kind = case when p_account is null then 'wifi_device' else 'wifi_account' end
        and f.handle = coalesce(p_account, p_device) for share;
    if h.state is null or h.state not in ('open', 'registered') then
        select r.* into status, body from estate.refused('access_denied') r;
        return;
    end if;
    select w.* into status, body from estate.worked('joined', jsonb_build_object('session',
        estate.begin_use('wifi', p_site, 'session', h.kind, h.handle, p_device))) w;
end $$;

create or replace function estate.ask_lease(
    p_site text, p_vlan text, p_mac text, out status integer, out body text
) language plpgsql as $$
declare scope text;
begin
    select d.handle into scope from estate.holdings s
        join estate.holdings d on d.site = p_site and d.kind = 'dhcp_scope'
            and d.rests_on = s.handle
        where s.site = p_site and s.kind = 'subnet' and s.rests_on = p_vlan
        order by d.handle limit 1 for share of d;
    if scope is null then
        select r.* into status, body from estate.refused('no_scope_on_vlan') r;
        return;
    end if;
    select w.* into status, body from estate.worked('leased', jsonb_build_object('scope', scope,
        'lease', estate.begin_use('network', p_site, 'lease', 'dhcp_scope', scope, p_mac))) w;
end $$;

create or replace function estate.send_frame(
    p_site text, p_port text, out status integer, out body text
) language plpgsql as $$
declare vlan text;
begin
    select h.rests_on into vlan from estate.holdings h where h.site = p_site
        and h.kind = 'switch_port' and h.handle = p_port and h.owner is not null;
    if vlan is null then
        select r.* into status, body from estate.refused('no_vlan_on_port') r;
    else
        select w.* into status, body
            from estate.worked('carried', jsonb_build_object('vlan', vlan)) w;
    end if;
end $$;

create or replace function estate.bill(
    p_site text, p_charge text, p_on timestamptz, out status integer, out body text
) language plpgsql as $$
declare h estate.holdings;
begin
    select f.* into h from estate.holdings f where f.site = p_site
        and f.kind = 'recurring_charge' and f.handle = p_charge;
    if h.state is null then
        select r.* into status, body from estate.refused('no_such_charge') r;
    elsif h.stops_at <= p_on then
        select r.* into status, body from estate.refused('charge_stopped') r;
    else
        select w.* into status, body from estate.worked('billed', h.attributes) w;
    end if;
end $$;

create or replace function estate.sign_in(
    p_site text, p_user text, out status integer, out body text
) language plpgsql as $$
begin
    if exists (select from estate.holdings h where h.kind = 'user_account'
            and h.handle = p_user and h.state = 'active') then
        select w.* into status, body from estate.worked('signed_in', '{}') w;
    else
        select r.* into status, body from estate.refused('no_active_user') r;
    end if;
end $$;
