-- Webhooks out: endpoints, the events as they are told, and each one's way to each endpoint.

-- name: endpoint_insert
-- in: i id, i merchant, t url, t username, b password, t headers, b header_values, b secret, b old_secret, i old_until, i any_2xx, t state, t said, t created_by, i created, i updated
INSERT INTO endpoints (id, merchant, url, username, password, headers, header_values, secret,
                       old_secret, old_until_ms, any_2xx, state, said, created_by, created_ms,
                       updated_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- name: endpoint_update
-- in: t url, t username, b password, t headers, b header_values, b secret, b old_secret, i old_until, i any_2xx, t state, t said, i updated, i id, i merchant
UPDATE endpoints SET url = $1, username = $2, password = $3, headers = $4, header_values = $5,
       secret = $6, old_secret = $7, old_until_ms = $8, any_2xx = $9, state = $10, said = $11,
       updated_ms = $12
WHERE id = $13 AND merchant = $14;

-- name: endpoint_select
-- out: i id, i merchant, t url, t username, b password, t headers, b header_values, b secret, b old_secret, i old_until, i any_2xx, t state, t said, t created_by, i created, i updated
SELECT e.id, e.merchant, e.url, e.username, e.password, e.headers, e.header_values, e.secret,
       e.old_secret, e.old_until_ms, e.any_2xx, e.state, e.said, e.created_by, e.created_ms,
       e.updated_ms
FROM endpoints e

-- fragment: endpoint_where_id
-- in: i id
WHERE e.id = $1

-- fragment: endpoint_where_merchant_id
-- in: i id, i merchant
WHERE e.id = $1 AND e.merchant = $2 AND e.state <> 'DELETED'

-- fragment: endpoint_where_merchant
-- in: i merchant, i limit
WHERE e.merchant = $1 AND e.state <> 'DELETED' ORDER BY e.id LIMIT $2

-- name: endpoint_event_insert
-- in: i merchant, t name, i endpoint
INSERT INTO endpoint_events (merchant, name, endpoint) VALUES ($1, $2, $3);

-- name: endpoint_events_forget
-- in: i merchant, i endpoint
DELETE FROM endpoint_events WHERE merchant = $1 AND endpoint = $2;

-- name: endpoint_events_of
-- in: i merchant, i endpoint
-- out: t name
SELECT v.name FROM endpoint_events v WHERE v.merchant = $1 AND v.endpoint = $2 ORDER BY v.name;

-- name: endpoints_wanting
-- in: i merchant, t name, i limit
-- out: i endpoint
SELECT v.endpoint FROM endpoint_events v
JOIN endpoints e ON e.id = v.endpoint AND e.state IN ('ACTIVE', 'PAUSED')
WHERE v.merchant = $1 AND v.name = $2 ORDER BY v.endpoint LIMIT $3;

-- name: webhook_insert
-- in: i id, i merchant, i order_row, i refund_row, t event_id, t name, t body, i created
INSERT INTO webhooks (id, merchant, order_row, refund_row, event_id, name, body, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: webhooks_old
-- in: i before, i limit
-- out: i id
SELECT w.id FROM webhooks w
WHERE w.created_ms < $1
  AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook = w.id AND d.state = 'WAITING')
ORDER BY w.created_ms LIMIT $2;

-- name: webhook_attempts_forget
-- in: i webhook
DELETE FROM delivery_attempts
WHERE delivery IN (SELECT d.id FROM deliveries d WHERE d.webhook = $1);

-- name: webhook_deliveries_forget
-- in: i webhook
DELETE FROM deliveries WHERE webhook = $1;

-- name: webhook_forget
-- in: i id
DELETE FROM webhooks WHERE id = $1;

-- name: delivery_insert
-- in: i id, i merchant, i endpoint, i webhook, i due, i created
INSERT INTO deliveries (id, merchant, endpoint, webhook, state, due_ms, created_ms)
VALUES ($1, $2, $3, $4, 'WAITING', $5, $6);

-- name: delivery_select
-- out: i id, i merchant, i endpoint, i webhook, t state, i attempts, i due, i fence, i status, i took, t said, i tried, i created, t event_id, t name, t order_id
SELECT d.id, d.merchant, d.endpoint, d.webhook, d.state, d.attempts, d.due_ms, d.fence, d.status,
       d.took_ms, d.said, d.tried_ms, d.created_ms, w.event_id, w.name, o.order_id
FROM deliveries d
JOIN webhooks w ON w.id = d.webhook
LEFT JOIN orders o ON o.id = w.order_row

-- name: delivery_select_body
-- out: i id, i merchant, i endpoint, i webhook, t state, i attempts, i due, i fence, i status, i took, t said, i tried, i created, t event_id, t name, t order_id, t body
SELECT d.id, d.merchant, d.endpoint, d.webhook, d.state, d.attempts, d.due_ms, d.fence, d.status,
       d.took_ms, d.said, d.tried_ms, d.created_ms, w.event_id, w.name, o.order_id, w.body
FROM deliveries d
JOIN webhooks w ON w.id = d.webhook
LEFT JOIN orders o ON o.id = w.order_row

-- fragment: delivery_where_merchant_id
-- in: i id, i merchant
WHERE d.id = $1 AND d.merchant = $2

-- fragment: delivery_where_due
-- in: i endpoint, i now, i limit
JOIN endpoints e ON e.id = d.endpoint AND e.state = 'ACTIVE'
WHERE d.endpoint = $1 AND d.state = 'WAITING' AND d.due_ms <= $2 ORDER BY d.due_ms LIMIT $3

-- fragment: delivery_where_endpoint
-- in: i endpoint
WHERE d.endpoint = $1

-- fragment: delivery_where_endpoint_state
-- in: i endpoint, t state
WHERE d.endpoint = $1 AND d.state = $2

-- fragment: delivery_older
-- in: i created, i same_created, i id
AND d.created_ms <= $1 AND (d.created_ms < $2 OR d.id < $3)

-- fragment: delivery_newest_first
-- in: i limit
ORDER BY d.created_ms DESC, d.id DESC LIMIT $1

-- name: delivery_claim
-- in: i lease_end, i id, i fence
UPDATE deliveries SET due_ms = $1, fence = fence + 1 WHERE id = $2 AND fence = $3;

-- name: delivery_tried
-- in: t state, i attempts, i due, i status, i took, t said, i tried, i id, i fence
UPDATE deliveries SET state = $1, attempts = $2, due_ms = $3, status = $4, took_ms = $5, said = $6,
       tried_ms = $7
WHERE id = $8 AND fence = $9;

-- name: delivery_attempt_insert
-- in: i delivery, i attempt, i at, i status, i took, t said
INSERT INTO delivery_attempts (delivery, attempt, at_ms, status, took_ms, said)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: delivery_attempts_of
-- in: i delivery, i limit
-- out: i attempt, i at, i status, i took, t said
SELECT t.attempt, t.at_ms, t.status, t.took_ms, t.said FROM delivery_attempts t
WHERE t.delivery = $1 ORDER BY t.attempt DESC LIMIT $2;

-- One look at the index for each endpoint, however much waits.
-- name: deliveries_next
-- out: i endpoint, i due
SELECT e.id, (SELECT d.due_ms FROM deliveries d WHERE d.endpoint = e.id AND d.state = 'WAITING'
              ORDER BY d.due_ms LIMIT 1)
FROM endpoints e WHERE e.state = 'ACTIVE' ORDER BY e.id;

-- name: deliveries_fail_all
-- in: t said, i endpoint
UPDATE deliveries SET state = 'FAILED', due_ms = NULL, said = $1
WHERE endpoint = $2 AND state = 'WAITING';

-- name: delivery_resend
-- in: i now, i id, i merchant
UPDATE deliveries SET state = 'WAITING', due_ms = $1, fence = fence + 1
WHERE id = $2 AND merchant = $3 AND state <> 'WAITING';

-- name: deliveries_resend_failed
-- in: i now, i endpoint, i from, i to, i limit
UPDATE deliveries SET state = 'WAITING', due_ms = $1, fence = fence + 1
WHERE id IN (SELECT d.id FROM deliveries d
             WHERE d.endpoint = $2 AND d.state = 'FAILED' AND d.created_ms >= $3
               AND d.created_ms < $4
             ORDER BY d.created_ms, d.id LIMIT $5);

-- name: deliveries_waiting
-- in: i endpoint, i limit
-- out: i waiting, i retried
SELECT count(*), count(CASE WHEN d.attempts > 0 THEN 1 END)
FROM (SELECT attempts FROM deliveries WHERE endpoint = $1 AND state = 'WAITING' LIMIT $2) d;

-- name: deliveries_failed
-- in: i endpoint, i from, i to, i limit
-- out: i failed
SELECT count(*)
FROM (SELECT id FROM deliveries WHERE endpoint = $1 AND state = 'FAILED' AND created_ms >= $2
      AND created_ms < $3 LIMIT $4) d;

-- name: notified_select
-- out: t name, t url, t state, i status, i took, i tried, i attempts, i due, i created
SELECT w.name, e.url, d.state, d.status, d.took_ms, d.tried_ms, d.attempts, d.due_ms, d.created_ms
FROM webhooks w
JOIN deliveries d ON d.webhook = w.id
JOIN endpoints e ON e.id = d.endpoint

-- fragment: notified_of_refund
-- in: i refund, i limit
WHERE w.refund_row = $1 ORDER BY d.created_ms DESC, d.id DESC LIMIT $2

-- fragment: notified_of_order
-- in: i order, i limit
WHERE w.order_row = $1 ORDER BY d.created_ms DESC, d.id DESC LIMIT $2
