-- A portfolio with history, for `bench/lists.py`: 10,000 occupiers, 8,000 of them decommissioned
-- or on the way, over 1,000,000 tasks. Deterministic, so that two runs measure the same.
SELECT setseed(0.5);

INSERT INTO operators (id, name)
SELECT md5('operator' || n)::uuid, 'Operator ' || n FROM generate_series(1, 4) AS n;

INSERT INTO sites (id, operator_id, reference, name, time_zone)
SELECT md5('site' || n)::uuid, md5('operator' || n % 4 + 1)::uuid, 'SITE-' || n,
       'House ' || n, 'Europe/London'
  FROM generate_series(1, 500) AS n;

-- Of those with a decommission one in twenty is under way and one in forty waits for support.
CREATE TEMPORARY TABLE generated AS
SELECT n, md5('occupier' || n)::uuid AS id, md5('decommission' || n)::uuid AS decommission_id,
       n <= :occupiers * 0.8 AS is_started,
       CASE WHEN n > :occupiers * 0.8 THEN 'active' WHEN n % 40 = 1 THEN 'failed'
            WHEN n % 40 < 3 THEN 'pending' ELSE 'decommissioned' END AS status,
       now() - random() * interval '720 days' AS at, 1 + n % 30 AS sites
  FROM generate_series(1, :occupiers) AS n;

INSERT INTO occupiers (id, operator_id, reference, name, billing_reference, status, decommissioned_at)
SELECT id, md5('operator' || n % 4 + 1)::uuid, 'OCC-' || n, 'Occupier ' || md5(n::text),
       'BR-' || n, status, CASE status WHEN 'decommissioned' THEN at + interval '1 hour' END
  FROM generated;

-- Always sites of the occupier's own operator.
INSERT INTO contracts (occupier_id, site_id, reference, start_date, state)
SELECT id, md5('site' || (4 * ((n * 7 + s) % 125) + n % 4 + 499) % 500 + 1)::uuid, 'C', '2020-01-01',
       CASE status WHEN 'decommissioned' THEN 'completed' ELSE 'active' END
  FROM generated CROSS JOIN LATERAL generate_series(1, sites) AS s;

INSERT INTO decommissions (id, occupier_id, operator_id, state, requested_by, requested_at,
       effective_at, cooling_off_days, workflow_id, finished_at)
SELECT decommission_id, id, md5('operator' || n % 4 + 1)::uuid,
       CASE status WHEN 'failed' THEN 'partial' ELSE status END, 'bench', at, at, 30,
       'decommission/' || decommission_id,
       CASE status WHEN 'decommissioned' THEN at + interval '1 hour' END
  FROM generated WHERE is_started;

INSERT INTO decommission_sites (decommission_id, site_id, ordinal)
SELECT decommission_id, md5('site' || (4 * ((n * 7 + s) % 125) + n % 4 + 499) % 500 + 1)::uuid, s - 1
  FROM generated CROSS JOIN LATERAL generate_series(1, sites) AS s WHERE is_started;

INSERT INTO tasks (decommission_id, occupier_id, site_id, kind, state, phase, requested_by,
       created_at, due_at, started_at, finished_at, last_error_kind)
SELECT decommission_id, id, site_id, kind, state,
       CASE state WHEN 'pending' THEN 'queued' ELSE 'ended' END, 'bench', at,
       at + interval '1 hour', at, CASE state WHEN 'pending' THEN NULL ELSE at END,
       CASE state WHEN 'failed' THEN 'transient' END
  FROM (SELECT decommission_id, id, at, site_id, kind,
               CASE WHEN status = 'decommissioned' OR random() < 0.5 THEN 'completed'
                    WHEN status = 'failed' AND random() < 0.1 THEN 'failed'
                    WHEN status = 'failed' THEN 'completed' ELSE 'pending' END AS state
          FROM generated CROSS JOIN LATERAL (
               SELECT site_id, unnest(CAST(:site_kinds AS text[])) AS kind
                 FROM decommission_sites WHERE decommission_sites.decommission_id
                                             = generated.decommission_id
                UNION ALL SELECT NULL, unnest(CAST(:occupier_kinds AS text[]))) AS wanted
         WHERE is_started) AS made;

-- Plans for the newest decommissions, so that their verdicts can be listed.
INSERT INTO plan_items (decommission_id, site_id, task_kind, kind, resource_id, verdict)
SELECT decommission_id, site_id, 'users', 'wifi_account', gen_random_uuid(), 'removed'
  FROM decommission_sites CROSS JOIN generate_series(1, 20)
 WHERE decommission_id IN (SELECT id FROM decommissions ORDER BY requested_at DESC LIMIT 500);
