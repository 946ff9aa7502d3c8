-- What an auto refund would have done: orders with a late success or with several, and their charges.

-- The terms of txns_late and orders_multiple are repeated as they stand in the indexes.

-- name: would_late
-- in: i merchant, i since, i limit
-- out: i order_row, i at
SELECT t.order_row, t.charged_ms
  FROM txns t
 WHERE t.charged_ms - t.created_ms > 60000 AND t.merchant = $1 AND t.charged_ms >= $2
 ORDER BY t.charged_ms DESC
 LIMIT $3;

-- name: would_multiple
-- in: i merchant, i created, i since, i limit
-- out: i order_row, i at
SELECT o.id, (SELECT max(m.charged_ms) FROM txns m WHERE m.order_row = o.id)
  FROM orders o
 WHERE o.is_multiple = 1 AND o.merchant = $1 AND o.created_ms >= $2
   AND EXISTS (SELECT 1 FROM txns t WHERE t.order_row = o.id AND t.charged_ms >= $3)
 ORDER BY o.created_ms DESC, o.id DESC
 LIMIT $4;

-- given_back: refunded by somebody before the success came.

-- name: would_charges
-- in: i order_row, i limit
-- out: i txn_row, t txn_id, t gateway, t currency, i amount, i given_back, i created, i charged, i is_split_payment, i order_amount, i is_payers_word
SELECT t.id, t.txn_id, t.gateway, t.currency, t.amount_minor,
       (SELECT coalesce(sum(r.amount_minor - r.over_minor), 0) FROM refunds r
         WHERE r.order_row = t.order_row AND r.txn_row = t.id AND r.created_ms < t.charged_ms
           AND r.status <> 'FAILURE' AND r.source <> 'AUTO'),
       t.created_ms, t.charged_ms, o.is_split_payment, o.amount_minor, t.is_payers_word
  FROM txns t
  JOIN orders o ON o.id = t.order_row
 WHERE t.order_row = $1 AND t.charged_ms IS NOT NULL
   AND t.status IN ('CHARGED', 'PARTIAL_CHARGED', 'AUTO_REFUNDED')
 ORDER BY t.created_ms, t.id
 LIMIT $2;

-- name: would_name
-- in: i txn_row
-- out: t order_id, t txn_id, t gateway
SELECT o.order_id, t.txn_id, t.gateway
  FROM txns t
  JOIN orders o ON o.id = t.order_row
 WHERE t.id = $1;

-- Gateways that orders were paid by, one step from name to name.

-- name: gateway_seen_after
-- in: i merchant, t after
-- out: t gateway
SELECT o.gateway FROM orders o
 WHERE o.merchant = $1 AND o.gateway > $2
 ORDER BY o.gateway
 LIMIT 1;

-- name: auto_awaiting
-- in: i merchant, i since, i limit
-- out: i count
SELECT count(*) FROM (SELECT 1 FROM refunds r
                       WHERE r.source = 'AUTO' AND r.merchant = $1 AND r.created_ms >= $2
                         AND +r.status = 'PENDING' AND r.state = 'AWAITING_APPROVAL'
                       LIMIT $3) x;
