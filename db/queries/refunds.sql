-- Refunds, the events of their lives, and exceptions.

-- name: refund_insert
-- in: i id, i merchant, i order_row, i txn_row, t unique_request_id, i amount, t currency, t state, t status, i sent, i attempts, t refund_type, t reason, t note, t source, t initiated_by, t gateway, t gateway_ref, t arn, t error_code, t error_message, t gateway_words, t metadata, i created, i hold_until, i sent_at, i processed, i updated, i over
INSERT INTO refunds (id, merchant, order_row, txn_row, unique_request_id, amount_minor, currency,
                     state, status, sent, attempts, refund_type, reason, note, source, initiated_by,
                     gateway, gateway_ref, arn, error_code, error_message, gateway_words, metadata,
                     created_ms, hold_until_ms, sent_ms, processed_ms, updated_ms, over_minor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $23, $24, $25, $26, $27, $28, $29);

-- A refund is read, with the ids that people know, by one base and a piece that says which.

-- name: refund_select
-- out: i id, i merchant, i order_row, i txn_row, t unique_request_id, i amount, t currency, t state, t status, i sent, i attempts, t refund_type, t reason, t note, t source, t initiated_by, t checked_by, t gateway, t gateway_ref, t arn, t error_code, t error_message, t gateway_words, t metadata, i created, i hold_until, i sent_at, i next_check, i processed, i updated, i synced, i over, t order_id, t txn_id
SELECT r.id, r.merchant, r.order_row, r.txn_row, r.unique_request_id, r.amount_minor, r.currency,
       r.state, r.status, r.sent, r.attempts, r.refund_type, r.reason, r.note, r.source,
       r.initiated_by, r.checked_by, r.gateway, r.gateway_ref, r.arn, r.error_code,
       r.error_message, r.gateway_words, r.metadata, r.created_ms, r.hold_until_ms, r.sent_ms,
       r.next_check_ms, r.processed_ms, r.updated_ms, r.synced_ms, r.over_minor,
       o.order_id, t.txn_id
FROM refunds r JOIN orders o ON o.id = r.order_row JOIN txns t ON t.id = r.txn_row

-- fragment: refund_where_id
-- in: i id
WHERE r.id = $1

-- fragment: refund_where_unique_request_id
-- in: i order_row, t unique_request_id
WHERE r.order_row = $1 AND r.unique_request_id = $2

-- fragment: refund_where_ref
-- in: i order_row, t gateway_ref
WHERE r.order_row = $1 AND r.gateway_ref = $2 ORDER BY r.id LIMIT 1

-- By the merchant, where the order is not known.
-- fragment: refund_where_merchant_ref
-- in: i merchant, t gateway_ref
WHERE r.gateway_ref IS NOT NULL AND r.merchant = $1 AND r.gateway_ref = $2 ORDER BY r.id LIMIT 1

-- fragment: refund_where_order
-- in: i order_row, i limit
WHERE r.order_row = $1 ORDER BY r.created_ms DESC, r.id DESC LIMIT $2

-- fragment: refund_where_merchant
-- in: i merchant
WHERE r.merchant = $1

-- For what few refunds have: found by its own index, not by looking through the merchant's.
-- fragment: refund_where_merchant_few
-- in: i merchant
WHERE +r.merchant = $1

-- name: refund_move
-- in: t state, t status, i sent, i attempts, t checked_by, t gateway_ref, t arn, t error_code, t error_message, t gateway_words, i sent_at, i next_check, i processed, i updated, i hold_until, i id, t from_state
UPDATE refunds SET state = $1, status = $2, sent = $3, attempts = $4, checked_by = $5,
       gateway_ref = $6, arn = $7, error_code = $8, error_message = $9, gateway_words = $10,
       sent_ms = $11, next_check_ms = $12, processed_ms = $13, updated_ms = $14, hold_until_ms = $15
WHERE id = $16 AND state = $17;

-- name: refund_synced
-- in: i synced, i id
UPDATE refunds SET synced_ms = $1 WHERE id = $2;

-- What a gateway says of a refund that does not move it any more.

-- name: refund_learn
-- in: t gateway_ref, t arn, i id
UPDATE refunds SET gateway_ref = coalesce(gateway_ref, CAST($1 AS TEXT)),
       arn = coalesce(arn, CAST($2 AS TEXT))
WHERE id = $3;

-- name: refunds_counted
-- in: i order_row
-- out: i count
SELECT count(*) FROM refunds r
WHERE r.order_row = $1 AND r.status <> 'FAILURE' AND r.source <> 'AUTO';

-- name: refund_twin
-- in: i order_row, i since, i txn_row, i amount, i but_of_batch
-- out: t unique_request_id, t initiated_by
SELECT r.unique_request_id, r.initiated_by FROM refunds r
WHERE r.order_row = $1 AND r.created_ms > $2 AND r.txn_row = $3 AND r.amount_minor = $4
      AND r.status <> 'FAILURE'
      AND NOT EXISTS (SELECT 1 FROM batch_rows b WHERE b.refund_row = r.id AND b.batch = $5)
LIMIT 1;

-- Sent, or perhaps sent, while the gateway's id for it is not known.

-- name: refund_unnamed
-- in: i order_row, i txn_row, i amount
-- out: t unique_request_id
SELECT r.unique_request_id FROM refunds r
WHERE r.order_row = $1 AND r.txn_row = $2 AND r.amount_minor = $3 AND r.gateway_ref IS NULL
      AND r.state IN ('SENDING', 'UNKNOWN', 'ACCEPTED')
LIMIT 1;

-- name: refunds_aged
-- in: i before, i limit
-- out: i id
SELECT r.id FROM refunds r WHERE r.status = 'PENDING' AND r.created_ms < $1
ORDER BY r.created_ms LIMIT $2;

-- name: refunds_pending_after
-- in: i from, i before, i from_again, i after_id, i limit
-- out: i id, i created
SELECT r.id, r.created_ms FROM refunds r
 WHERE r.status = 'PENDING' AND r.created_ms >= $1 AND r.created_ms < $2
   AND (r.created_ms > $3 OR r.id > $4)
 ORDER BY r.created_ms, r.id LIMIT $5;

-- Those that nobody approved in time.

-- name: refunds_unapproved
-- in: i before, i limit
-- out: i id
SELECT r.id FROM refunds r
WHERE r.status = 'PENDING' AND r.state = 'AWAITING_APPROVAL' AND r.created_ms < $1
ORDER BY r.created_ms LIMIT $2;

-- What the desk refunded by itself, in two halves as order_totals.

-- name: refunds_auto_since
-- in: i merchant, i since, t currency
-- out: i millions, i ones
SELECT coalesce(sum(r.amount_minor / 1000000), 0), coalesce(sum(r.amount_minor % 1000000), 0)
FROM refunds r
WHERE r.source = 'AUTO' AND r.merchant = $1 AND r.created_ms > $2 AND r.currency = $3
      AND r.state NOT IN ('FAILURE', 'AWAITING_APPROVAL');

-- The list: refund_select, refund_where_merchant, filters, where the page begins, order and limit.

-- fragment: refund_awaiting
AND r.status = 'PENDING' AND r.state = 'AWAITING_APPROVAL'

-- fragment: refund_pending
AND r.status = 'PENDING' AND r.state <> 'AWAITING_APPROVAL'

-- fragment: refund_status
-- in: t status
AND r.status = $1

-- fragment: refund_from
-- in: i from
AND r.created_ms >= $1

-- fragment: refund_before
-- in: i before
AND r.created_ms < $1

-- fragment: refund_currency
-- in: t currency
AND r.currency = $1

-- fragment: refund_least
-- in: i least
AND r.amount_minor >= $1

-- fragment: refund_most
-- in: i most
AND r.amount_minor <= $1

-- fragment: refund_least_of_many
-- in: i least
AND +r.amount_minor >= $1

-- fragment: refund_most_of_many
-- in: i most
AND +r.amount_minor <= $1

-- fragment: refund_gateway
-- in: t gateway
AND r.gateway = $1

-- fragment: refund_by
-- in: t initiated_by
AND r.initiated_by = $1

-- fragment: refund_reason
-- in: t reason
AND r.reason = $1

-- fragment: refund_of_order
-- in: i order_row
AND r.order_row = $1

-- fragment: refund_unique_request_id
-- in: t unique_request_id
AND r.unique_request_id = $1

-- fragment: refund_created_below
-- in: i created, i id
AND (r.created_ms, r.id) < ($1, $2)

-- fragment: refund_created_above
-- in: i created, i id
AND (r.created_ms, r.id) > ($1, $2)

-- fragment: refund_created_down
-- in: i limit
ORDER BY r.created_ms DESC, r.id DESC LIMIT $1

-- fragment: refund_created_up
-- in: i limit
ORDER BY r.created_ms, r.id LIMIT $1

-- fragment: refund_amount_below
-- in: i amount, i id
AND (r.amount_minor, r.id) < ($1, $2)

-- fragment: refund_amount_above
-- in: i amount, i id
AND (r.amount_minor, r.id) > ($1, $2)

-- fragment: refund_amount_down
-- in: i limit
ORDER BY r.amount_minor DESC, r.id DESC LIMIT $1

-- fragment: refund_amount_up
-- in: i limit
ORDER BY r.amount_minor, r.id LIMIT $1

-- name: refund_amounts
-- in: i merchant, i least, i most, i limit
-- out: i count
SELECT count(*) FROM (SELECT 1 FROM refunds r
                      WHERE r.merchant = $1 AND r.amount_minor >= $2 AND r.amount_minor <= $3
                      LIMIT $4) few;

-- name: refund_totals
-- out: i tab, t currency, i rows, i millions, i ones
SELECT CASE r.status WHEN 'PENDING' THEN CASE r.state WHEN 'AWAITING_APPROVAL' THEN 1 ELSE 2 END
                     WHEN 'SUCCESS' THEN 3 WHEN 'FAILURE' THEN 4 ELSE 5 END AS tab,
       r.currency, count(*), sum(r.amount_minor / 1000000), sum(r.amount_minor % 1000000)
FROM refunds r

-- fragment: refund_totals_group
GROUP BY 1, r.currency ORDER BY 1, r.currency

-- name: event_insert
-- in: i id, i merchant, i order_row, i refund_row, t name, t actor, i at, t frozen
INSERT INTO events (id, merchant, order_row, refund_row, name, actor, at_ms, frozen)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: event_told
-- in: i order_row, t name
-- out: i id
SELECT v.id FROM events v WHERE v.order_row = $1 AND v.name = $2 LIMIT 1;

-- Its own, and those of its refunds.

-- name: events_of_order
-- in: i order_row, i refunds_order_row, i limit
-- out: i id, i merchant, i order_row, i refund_row, t name, t actor, i at, t frozen
SELECT v.id, v.merchant, v.order_row, v.refund_row, v.name, v.actor, v.at_ms, v.frozen
FROM events v WHERE v.order_row = $1 AND v.refund_row IS NULL
UNION ALL
SELECT v.id, v.merchant, v.order_row, v.refund_row, v.name, v.actor, v.at_ms, v.frozen
FROM refunds r JOIN events v ON v.refund_row = r.id WHERE r.order_row = $2
ORDER BY 1 DESC LIMIT $3;

-- name: events_of_refund
-- in: i refund_row, i limit
-- out: i id, i merchant, i order_row, i refund_row, t name, t actor, i at, t frozen
SELECT v.id, v.merchant, v.order_row, v.refund_row, v.name, v.actor, v.at_ms, v.frozen
FROM events v WHERE v.refund_row = $1 ORDER BY v.id DESC LIMIT $2;

-- name: exception_insert
-- in: i id, i merchant, i refund_row, t kind, t detail, i held, i opened
INSERT INTO exceptions (id, merchant, refund_row, kind, detail, held_minor, opened_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (refund_row, kind) DO NOTHING;

-- name: exceptions_of_order
-- in: i order_row, i limit
-- out: i refund_row, t unique_request_id, t currency, t kind, t detail, i held, i opened
SELECT x.refund_row, r.unique_request_id, r.currency, x.kind, x.detail, x.held_minor, x.opened_ms
FROM refunds r JOIN exceptions x ON x.refund_row = r.id
WHERE r.order_row = $1 AND x.closed_ms IS NULL ORDER BY x.opened_ms DESC, x.id DESC LIMIT $2;
