-- Orders and their transactions.

-- name: order_insert
-- in: i id, i merchant, t order_id, t order_key, t public_id, t status, i amount, i effective, t currency, t customer_id, t customer_email, t customer_phone, t product_id, t description, t return_url, i is_cod, i is_split_payment, i offer_minimum, i kept_txn, t facts, i created, i updated
INSERT INTO orders (id, merchant, order_id, order_key, public_id, status, amount_minor,
                    effective_minor, currency, customer_id, customer_email, customer_phone,
                    product_id, description, return_url, is_cod, is_split_payment,
                    offer_minimum_minor, kept_txn, facts, created_ms, updated_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22);

-- An order is read by one base and a piece that says which.

-- name: order_select
-- out: i id, i merchant, t order_id, t public_id, t status, i amount, i effective, t currency, t customer_id, t customer_email, t customer_phone, t product_id, t description, t return_url, i is_cod, i is_split_payment, i offer_minimum, i kept_txn, t facts, i created, i updated
SELECT o.id, o.merchant, o.order_id, o.public_id, o.status, o.amount_minor, o.effective_minor,
       o.currency, o.customer_id, o.customer_email, o.customer_phone, o.product_id, o.description,
       o.return_url, o.is_cod, o.is_split_payment, o.offer_minimum_minor, o.kept_txn, o.facts,
       o.created_ms, o.updated_ms
FROM orders o

-- fragment: order_where_id
-- in: i id
WHERE o.id = $1

-- fragment: order_where_key
-- in: i merchant, t order_key
WHERE o.merchant = $1 AND o.order_key = $2

-- fragment: order_where_merchant
-- in: i merchant
WHERE o.merchant = $1

-- name: order_update
-- in: t status, i effective, i kept_txn, i updated, i id
UPDATE orders SET status = $1, effective_minor = $2, kept_txn = $3, updated_ms = $4 WHERE id = $5;

-- name: txn_insert
-- in: i id, i merchant, i order_row, t txn_id, t txn_uuid, t status, i amount, i net, i tax, i surcharge, t currency, t gateway, i gateway_id, t gateway_reference_id, t payment_method_type, t payment_method, t auth_type, t payment_id, i is_conflicted, t facts, i created, i charged, i held, i refunded
INSERT INTO txns (id, merchant, order_row, txn_id, txn_uuid, status, amount_minor, net_minor,
                  tax_minor, surcharge_minor, currency, gateway, gateway_id, gateway_reference_id,
                  payment_method_type, payment_method, auth_type, payment_id, is_conflicted, facts,
                  created_ms, charged_ms, held_minor, refunded_minor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $23, $24);

-- name: txn_select
-- out: i id, i merchant, i order_row, t txn_id, t txn_uuid, t status, i amount, i net, i tax, i surcharge, t currency, t gateway, i gateway_id, t gateway_reference_id, t payment_method_type, t payment_method, t auth_type, t payment_id, i is_conflicted, t facts, i created, i charged, i held, i refunded
SELECT t.id, t.merchant, t.order_row, t.txn_id, t.txn_uuid, t.status, t.amount_minor, t.net_minor,
       t.tax_minor, t.surcharge_minor, t.currency, t.gateway, t.gateway_id, t.gateway_reference_id,
       t.payment_method_type, t.payment_method, t.auth_type, t.payment_id, t.is_conflicted, t.facts,
       t.created_ms, t.charged_ms, t.held_minor, t.refunded_minor
FROM txns t

-- fragment: txn_where_id
-- in: i id
WHERE t.id = $1

-- fragment: txn_where_txn_id
-- in: i merchant, t txn_id
WHERE t.merchant = $1 AND t.txn_id = $2

-- fragment: txn_where_order
-- in: i order_row, i limit
WHERE t.order_row = $1 ORDER BY t.created_ms, t.id LIMIT $2

-- fragment: txn_where_order_last
-- in: i order_row
WHERE t.order_row = $1 ORDER BY t.created_ms DESC, t.id DESC LIMIT 1

-- name: txn_update
-- in: t status, t payment_id, t facts, i charged, i is_conflicted, i id
UPDATE txns SET status = $1, payment_id = $2, facts = $3, charged_ms = $4, is_conflicted = $5
WHERE id = $6;

-- name: txn_hold
-- in: i held_delta, i refunded_delta, i id
UPDATE txns SET held_minor = held_minor + $1, refunded_minor = refunded_minor + $2 WHERE id = $3;

-- The list: order_select, order_where_merchant, a piece that says where the page begins, a piece
-- that orders and limits. Each row's txn is looked up by itself: the kept one, else the last.

-- fragment: order_list_older
-- in: i created, i id
AND (o.created_ms, o.id) < ($1, $2)

-- fragment: order_list_newer
-- in: i created, i id
AND (o.created_ms, o.id) > ($1, $2)

-- fragment: order_list_down
-- in: i limit
ORDER BY o.created_ms DESC, o.id DESC LIMIT $1

-- fragment: order_list_up
-- in: i limit
ORDER BY o.created_ms, o.id LIMIT $1

-- name: find_refund
-- in: i merchant, t unique_request_id
-- out: i id, t order_id
SELECT r.id, o.order_id FROM refunds r JOIN orders o ON o.id = r.order_row
WHERE r.merchant = $1 AND r.unique_request_id = $2 ORDER BY r.id DESC LIMIT 1;
