-- The simulator's statements (format: src/sql/sql.h).

-- name: refund_insert
-- in: i id, t idempotency_key, t refund_id, t payment_id, t unique_request_id, t gateway, i amount, t currency, t outcome, t error_code, t error_message, t arn, i created, i settles
-- in: t operation, i instant, t parts, t beneficiary, t reference_id
INSERT INTO refunds (id, idempotency_key, refund_id, payment_id, unique_request_id, gateway,
                     amount_minor, currency, outcome, error_code, error_message, arn, created_ms,
                     settles_ms, operation, instant, parts, beneficiary, reference_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- A refund is read by one base and a piece that says which.

-- name: refund_select
-- out: i id, t idempotency_key, t refund_id, t payment_id, t unique_request_id, t gateway, i amount, t currency, t outcome, t error_code, t error_message, t arn, i created, i settles
-- out: t operation, i instant, t parts, t beneficiary, t reference_id, i calls, i inquiries
SELECT r.id, r.idempotency_key, r.refund_id, r.payment_id, r.unique_request_id, r.gateway,
       r.amount_minor, r.currency, r.outcome, r.error_code, r.error_message, r.arn, r.created_ms,
       r.settles_ms, r.operation, r.instant, r.parts, r.beneficiary, r.reference_id, c.refunds,
       c.inquiries
FROM refunds r JOIN calls c ON c.idempotency_key = r.idempotency_key

-- fragment: refund_where_key
-- in: t idempotency_key
WHERE r.idempotency_key = $1

-- A payout is not found among refunds, nor a refund among payouts.

-- fragment: refund_where_operation
-- in: t operation
AND r.operation = $1

-- fragment: refund_where_request
-- in: t unique_request_id, i after
WHERE r.unique_request_id = $1 AND r.id > $2

-- fragment: refund_where_any
-- in: i after
WHERE r.id > $1

-- fragment: refund_in_order
-- in: i limit
ORDER BY r.id LIMIT $1

-- name: refund_count
-- out: i n
SELECT count(*) FROM refunds;

-- name: payment_insert
-- in: i id, t txn_id, t payment_id, i amount, t currency, t outcome, t resp_code, t resp_message, t rrn, t auth_id_code, i created, i settles
INSERT INTO payments (id, txn_id, payment_id, amount_minor, currency, outcome, resp_code,
                      resp_message, rrn, auth_id_code, created_ms, settles_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: payment_by_txn
-- in: t txn_id
-- out: t txn_id, t payment_id, i amount, t currency, t outcome, t resp_code, t resp_message, t rrn, t auth_id_code, i created, i settles
SELECT p.txn_id, p.payment_id, p.amount_minor, p.currency, p.outcome, p.resp_code, p.resp_message,
       p.rrn, p.auth_id_code, p.created_ms, p.settles_ms
FROM payments p
WHERE p.txn_id = $1;

-- name: calls_add_refund
-- in: t idempotency_key, t unique_request_id, t payment_id
INSERT INTO calls (idempotency_key, unique_request_id, payment_id, refunds, inquiries)
VALUES ($1, $2, $3, 1, 0)
ON CONFLICT (idempotency_key) DO UPDATE SET
    unique_request_id = excluded.unique_request_id,
    payment_id = excluded.payment_id,
    refunds = calls.refunds + 1;

-- name: calls_add_inquiry
-- in: t idempotency_key
INSERT INTO calls (idempotency_key, unique_request_id, payment_id, refunds, inquiries)
VALUES ($1, '', '', 0, 1)
ON CONFLICT (idempotency_key) DO UPDATE SET inquiries = calls.inquiries + 1;

-- name: calls_by_key
-- in: t idempotency_key
-- out: t idempotency_key, t unique_request_id, t payment_id, i refunds, i inquiries
SELECT c.idempotency_key, c.unique_request_id, c.payment_id, c.refunds, c.inquiries
FROM calls c
WHERE c.idempotency_key = $1;

-- Keys without a refund.

-- name: calls_unrecorded
-- out: t idempotency_key, t unique_request_id, t payment_id, i refunds, i inquiries
SELECT c.idempotency_key, c.unique_request_id, c.payment_id, c.refunds, c.inquiries
FROM calls c LEFT JOIN refunds r ON r.idempotency_key = c.idempotency_key
WHERE r.id IS NULL

-- fragment: calls_of_request
-- in: t unique_request_id
AND c.unique_request_id = $1

-- fragment: calls_in_order
-- in: i limit
ORDER BY c.idempotency_key LIMIT $1
