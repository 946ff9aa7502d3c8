-- Settings > Conflict, and the conflicts themselves.

-- name: conflict_settings_of
-- in: i merchant
-- out: i refund_conflicted, i conflicted_since, i threshold, i notify, t emails, i refund_multiple, i multiple_since
SELECT s.refund_conflicted, s.conflicted_since_ms, s.threshold_minutes, s.notify, s.emails,
       s.refund_multiple, s.multiple_since_ms
  FROM conflict_settings s
 WHERE s.merchant = $1;

-- name: conflict_gateways_of
-- in: i merchant, i limit
-- out: t gateway, i threshold
SELECT g.gateway, g.threshold_minutes
  FROM conflict_gateways g
 WHERE g.merchant = $1
 ORDER BY g.gateway
 LIMIT $2;

-- name: conflict_ceilings_of
-- in: i merchant, i limit
-- out: t currency, i daily
SELECT c.currency, c.daily_minor
  FROM conflict_ceilings c
 WHERE c.merchant = $1
 ORDER BY c.currency
 LIMIT $2;

-- name: conflict_settings_put
-- in: i merchant, i refund_conflicted, i conflicted_since, i threshold, i notify, t emails, i refund_multiple, i multiple_since, i updated
INSERT INTO conflict_settings (merchant, refund_conflicted, conflicted_since_ms, threshold_minutes,
                               notify, emails, refund_multiple, multiple_since_ms, updated_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (merchant) DO UPDATE SET
    refund_conflicted = excluded.refund_conflicted,
    conflicted_since_ms = excluded.conflicted_since_ms,
    threshold_minutes = excluded.threshold_minutes,
    notify = excluded.notify,
    emails = excluded.emails,
    refund_multiple = excluded.refund_multiple,
    multiple_since_ms = excluded.multiple_since_ms,
    updated_ms = excluded.updated_ms;

-- name: conflict_gateways_drop
-- in: i merchant
DELETE FROM conflict_gateways WHERE merchant = $1;

-- name: conflict_ceilings_drop
-- in: i merchant
DELETE FROM conflict_ceilings WHERE merchant = $1;

-- name: conflict_gateway_put
-- in: i merchant, t gateway, i threshold
INSERT INTO conflict_gateways (merchant, gateway, threshold_minutes) VALUES ($1, $2, $3);

-- name: conflict_ceiling_put
-- in: i merchant, t currency, i daily
INSERT INTO conflict_ceilings (merchant, currency, daily_minor) VALUES ($1, $2, $3);

-- name: conflict_put
-- in: i txn_row, i merchant, i order_row, t kind, t state, i initiated, i success, i threshold, i kept_txn, t said, i refund_row, i rounds, i first, i updated
INSERT INTO conflicts (txn_row, merchant, order_row, kind, state, initiated_ms, success_ms,
                       threshold_minutes, kept_txn, said, refund_row, rounds, first_ms, updated_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (txn_row) DO UPDATE SET
    kind = excluded.kind,
    state = excluded.state,
    initiated_ms = excluded.initiated_ms,
    success_ms = excluded.success_ms,
    threshold_minutes = excluded.threshold_minutes,
    kept_txn = excluded.kept_txn,
    said = excluded.said,
    refund_row = excluded.refund_row,
    rounds = excluded.rounds,
    updated_ms = excluded.updated_ms;

-- name: conflict_drop
-- in: i txn_row
DELETE FROM conflicts WHERE txn_row = $1;

-- name: conflicts_of_order
-- in: i order_row, i limit
-- out: i txn_row, i merchant, i order_row, t kind, t state, i initiated, i success, i threshold, i kept_txn, t said, i refund_row, i rounds, i first, i updated, t txn_id, t kept_txn_id
SELECT c.txn_row, c.merchant, c.order_row, c.kind, c.state, c.initiated_ms, c.success_ms,
       c.threshold_minutes, c.kept_txn, c.said, c.refund_row, c.rounds, c.first_ms, c.updated_ms,
       t.txn_id, k.txn_id
  FROM conflicts c
  JOIN txns t ON t.id = c.txn_row
  LEFT JOIN txns k ON k.id = c.kept_txn
 WHERE c.order_row = $1
 ORDER BY c.success_ms, c.txn_row
 LIMIT $2;

-- name: conflicts_refused
-- in: i merchant, i limit
-- out: i txn_row, i merchant, i order_row, t kind, t state, i initiated, i success, i threshold, i kept_txn, t said, i refund_row, i rounds, i first, i updated, t txn_id, t kept_txn_id
SELECT c.txn_row, c.merchant, c.order_row, c.kind, c.state, c.initiated_ms, c.success_ms,
       c.threshold_minutes, c.kept_txn, c.said, c.refund_row, c.rounds, c.first_ms, c.updated_ms,
       t.txn_id, k.txn_id
  FROM conflicts c
  JOIN txns t ON t.id = c.txn_row
  LEFT JOIN txns k ON k.id = c.kept_txn
 WHERE c.state = 'REFUSED' AND c.merchant = $1
 ORDER BY c.first_ms DESC
 LIMIT $2;
