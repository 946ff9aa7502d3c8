-- Orders and their transactions.

-- name: order_insert
-- in: i id, i merchant, t order_id, t order_key, t public_id, t status, i amount, i effective, t currency, t customer_id, t customer_email, t customer_phone, t product_id, t description, t return_url, i is_cod, i is_split_payment, i offer_minimum, i kept_txn, t facts, i created, i updated, i tab, t gateway, t method_type, t method, i is_conflicted
INSERT INTO orders (id, merchant, order_id, order_key, public_id, status, amount_minor,
                    effective_minor, currency, customer_id, customer_email, customer_phone,
                    product_id, description, return_url, is_cod, is_split_payment,
                    offer_minimum_minor, kept_txn, facts, created_ms, updated_ms, tab, gateway,
                    method_type, method, is_conflicted)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $23, $24, $25, $26, $27);

-- name: order_term_insert
-- in: i merchant, t kind, t term, i order_row
INSERT INTO order_terms (merchant, kind, term, order_row) VALUES ($1, $2, $3, $4)
ON CONFLICT (merchant, kind, term, order_row) DO NOTHING;

-- name: order_term_delete
-- in: i merchant, t kind, t term, i order_row
DELETE FROM order_terms WHERE merchant = $1 AND kind = $2 AND term = $3 AND order_row = $4;

-- An order is read by one base and a piece that says which.

-- name: order_select
-- out: i id, i merchant, t order_id, t public_id, t status, i amount, i effective, t currency, t customer_id, t customer_email, t customer_phone, t product_id, t description, t return_url, i is_cod, i is_split_payment, i offer_minimum, i kept_txn, t facts, i created, i updated, i is_split_settled, i is_conflicted, i is_multiple, i refund_days
SELECT o.id, o.merchant, o.order_id, o.public_id, o.status, o.amount_minor, o.effective_minor,
       o.currency, o.customer_id, o.customer_email, o.customer_phone, o.product_id, o.description,
       o.return_url, o.is_cod, o.is_split_payment, o.offer_minimum_minor, o.kept_txn, o.facts,
       o.created_ms, o.updated_ms, o.is_split_settled, o.is_conflicted, o.is_multiple,
       (SELECT m.order_age_days FROM merchants m WHERE m.id = o.merchant)
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

-- For what few orders have: found by its own index, not by looking through the merchant's.
-- fragment: order_where_merchant_few
-- in: i merchant
WHERE +o.merchant = $1

-- What others tell of it.

-- name: order_tell
-- in: i amount, i effective, t customer_id, t customer_email, t customer_phone, t product_id, t description, t return_url, i is_cod, i is_split_payment, i offer_minimum, t facts, t status, i tab, i created, i updated, i id
UPDATE orders SET amount_minor = $1, effective_minor = $2, customer_id = $3, customer_email = $4,
       customer_phone = $5, product_id = $6, description = $7, return_url = $8, is_cod = $9,
       is_split_payment = $10, offer_minimum_minor = $11, facts = $12, status = $13, tab = $14,
       created_ms = $15, updated_ms = $16
WHERE id = $17;

-- name: order_update
-- in: t status, i effective, i kept_txn, i updated, i tab, i id
UPDATE orders SET status = $1, effective_minor = $2, kept_txn = $3, updated_ms = $4, tab = $5
WHERE id = $6;

-- name: order_mark
-- in: i is_conflicted, i is_multiple, i id
UPDATE orders SET is_conflicted = $1, is_multiple = $2 WHERE id = $3;

-- What a client may change of an order, when it is still as it was seen.

-- name: order_change
-- in: i amount, i effective, t facts, i updated, i id, t status_was, i amount_was, t facts_was
UPDATE orders SET amount_minor = $1, effective_minor = $2, facts = $3, updated_ms = $4
WHERE id = $5 AND status = $6 AND amount_minor = $7 AND facts = $8;

-- What the shown txn was paid with, copied for lists: the kept one, else the latest.

-- name: order_show_txn
-- in: t gateway, t method_type, t method, i is_conflicted, i id, i kept_txn
UPDATE orders SET gateway = $1, method_type = $2, method = $3,
       is_conflicted = CASE WHEN $4 = 1 THEN 1 ELSE is_conflicted END
WHERE id = $5 AND (kept_txn IS NULL OR kept_txn = $6);

-- name: txn_insert
-- in: i id, i merchant, i order_row, t txn_id, t txn_uuid, t status, i amount, i net, i tax, i surcharge, t currency, t gateway, i gateway_id, t gateway_reference_id, t payment_method_type, t payment_method, t auth_type, t payment_id, i is_conflicted, t facts, i created, i charged, i held, i refunded, i is_imported, i is_payers_word
INSERT INTO txns (id, merchant, order_row, txn_id, txn_uuid, status, amount_minor, net_minor,
                  tax_minor, surcharge_minor, currency, gateway, gateway_id, gateway_reference_id,
                  payment_method_type, payment_method, auth_type, payment_id, is_conflicted, facts,
                  created_ms, charged_ms, held_minor, refunded_minor, is_imported, is_payers_word)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $23, $24, $25, $26);

-- name: txn_select
-- out: i id, i merchant, i order_row, t txn_id, t txn_uuid, t status, i amount, i net, i tax, i surcharge, t currency, t gateway, i gateway_id, t gateway_reference_id, t payment_method_type, t payment_method, t auth_type, t payment_id, i is_conflicted, t facts, i created, i charged, i held, i refunded, t told_status, i is_imported, i is_payers_word
SELECT t.id, t.merchant, t.order_row, t.txn_id, t.txn_uuid, t.status, t.amount_minor, t.net_minor,
       t.tax_minor, t.surcharge_minor, t.currency, t.gateway, t.gateway_id, t.gateway_reference_id,
       t.payment_method_type, t.payment_method, t.auth_type, t.payment_id, t.is_conflicted, t.facts,
       t.created_ms, t.charged_ms, t.held_minor, t.refunded_minor, t.told_status, t.is_imported,
       t.is_payers_word
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
WHERE t.order_row = $1
ORDER BY CASE t.status WHEN 'AUTO_REFUNDED' THEN 0 ELSE 1 END, t.created_ms DESC, t.txn_id DESC
LIMIT 1

-- fragment: txn_where_payment
-- in: i merchant, t payment_id
WHERE t.merchant = $1 AND t.payment_id = $2 ORDER BY t.id LIMIT 1

-- name: txn_update
-- in: t txn_id, t txn_uuid, t status, i net, i tax, i surcharge, t gateway, i gateway_id, t gateway_reference_id, t payment_method_type, t payment_method, t auth_type, t payment_id, i is_conflicted, t facts, i created, i charged, t told_status, i is_imported, i is_payers_word, i id
UPDATE txns SET txn_id = $1, txn_uuid = $2, status = $3, net_minor = $4, tax_minor = $5,
       surcharge_minor = $6, gateway = $7, gateway_id = $8, gateway_reference_id = $9,
       payment_method_type = $10, payment_method = $11, auth_type = $12, payment_id = $13,
       is_conflicted = $14, facts = $15, created_ms = $16, charged_ms = $17, told_status = $18,
       is_imported = $19, is_payers_word = $20
WHERE id = $21;

-- name: txn_hold
-- in: i held_delta, i refunded_delta, i id
UPDATE txns SET held_minor = held_minor + $1, refunded_minor = refunded_minor + $2 WHERE id = $3;

-- The list: order_select, order_where_merchant, filters, where the page begins, order and limit.
-- Each row's txn is looked up by itself: the kept one, else the last.

-- fragment: order_tab
-- in: i tab
AND o.tab = $1

-- fragment: order_status
-- in: t status
AND o.status = $1

-- fragment: order_from
-- in: i from
AND o.created_ms >= $1

-- fragment: order_before
-- in: i before
AND o.created_ms < $1

-- fragment: order_currency
-- in: t currency
AND o.currency = $1

-- fragment: order_least
-- in: i least
AND o.amount_minor >= $1

-- fragment: order_most
-- in: i most
AND o.amount_minor <= $1

-- The same, where many orders lie in between: looked for along the sorting, not gathered and sorted.
-- fragment: order_least_of_many
-- in: i least
AND +o.amount_minor >= $1

-- fragment: order_most_of_many
-- in: i most
AND +o.amount_minor <= $1

-- fragment: order_gateway
-- in: t gateway
AND o.gateway = $1

-- fragment: order_method
-- in: t method_type, t method
AND (o.method_type = $1 OR o.method = $2)

-- fragment: order_term
-- in: i merchant, t kind, t term
AND o.id IN (SELECT x.order_row FROM order_terms x
             WHERE x.merchant = $1 AND x.kind = $2 AND x.term = $3)

-- fragment: order_conflicted
AND o.is_conflicted = 1

-- fragment: order_multiple
AND o.is_multiple = 1

-- Something is left of a payment that is young enough.
-- fragment: order_refundable
-- in: i oldest
AND +o.tab IN (1, 2) AND o.is_cod = 0 AND +o.created_ms >= $1
AND EXISTS (SELECT 1 FROM txns k
            WHERE k.id = o.kept_txn AND k.held_minor < k.amount_minor AND k.payment_id IS NOT NULL)

-- fragment: order_created_below
-- in: i created, i id
AND (o.created_ms, o.id) < ($1, $2)

-- fragment: order_created_above
-- in: i created, i id
AND (o.created_ms, o.id) > ($1, $2)

-- fragment: order_created_down
-- in: i limit
ORDER BY o.created_ms DESC, o.id DESC LIMIT $1

-- fragment: order_created_up
-- in: i limit
ORDER BY o.created_ms, o.id LIMIT $1

-- fragment: order_amount_below
-- in: i amount, i id
AND (o.amount_minor, o.id) < ($1, $2)

-- fragment: order_amount_above
-- in: i amount, i id
AND (o.amount_minor, o.id) > ($1, $2)

-- fragment: order_amount_down
-- in: i limit
ORDER BY o.amount_minor DESC, o.id DESC LIMIT $1

-- fragment: order_amount_up
-- in: i limit
ORDER BY o.amount_minor, o.id LIMIT $1

-- Behind any order and limit: for clients that count rows instead of remembering a place.
-- fragment: list_skip
-- in: i rows
OFFSET $1

-- How many have an amount in between, counted to a limit.

-- name: order_amounts
-- in: i merchant, i least, i most, i limit
-- out: i count
SELECT count(*) FROM (SELECT 1 FROM orders o
                      WHERE o.merchant = $1 AND o.amount_minor >= $2 AND o.amount_minor <= $3
                      LIMIT $4) few;

-- Counts for the tabs and totals of the whole filter. Amounts are added in two halves, because a
-- sum of int64 may overflow.

-- name: order_totals
-- out: i tab, t currency, i rows, i millions, i ones
SELECT o.tab, o.currency, count(*), sum(o.amount_minor / 1000000), sum(o.amount_minor % 1000000)
FROM orders o

-- fragment: order_totals_group
GROUP BY o.tab, o.currency ORDER BY o.tab, o.currency

-- The same, where orders_totals has not all that is filtered by: any other index may serve.
-- fragment: order_totals_group_any
GROUP BY +o.tab, o.currency ORDER BY +o.tab, o.currency

-- An exact id of any other kind.

-- name: find_txn
-- in: i merchant, t txn_id
-- out: t order_id
SELECT o.order_id FROM txns t JOIN orders o ON o.id = t.order_row
WHERE t.merchant = $1 AND t.txn_id = $2;

-- name: find_payment
-- in: i merchant, t payment_id
-- out: t order_id
SELECT o.order_id FROM txns t JOIN orders o ON o.id = t.order_row
WHERE t.merchant = $1 AND t.payment_id = $2 ORDER BY t.id DESC LIMIT 1;

-- name: find_public_id
-- in: i merchant, t public_id
-- out: t order_id
SELECT o.order_id FROM orders o WHERE o.merchant = $1 AND o.public_id = $2;

-- name: find_customer
-- in: i merchant, t term
-- out: i order_row
SELECT x.order_row FROM order_terms x
WHERE x.merchant = $1 AND x.kind = 'customer' AND x.term = $2 LIMIT 1;

-- name: find_unique_request_id
-- in: i merchant, t unique_request_id
-- out: i id, t order_id
SELECT r.id, o.order_id FROM refunds r JOIN orders o ON o.id = r.order_row
WHERE r.merchant = $1 AND r.unique_request_id = $2 ORDER BY r.id DESC LIMIT 1;

-- name: find_gateway_ref
-- in: i merchant, t gateway_ref
-- out: i id, t order_id
SELECT r.id, o.order_id FROM refunds r JOIN orders o ON o.id = r.order_row
WHERE r.gateway_ref IS NOT NULL AND r.merchant = $1 AND r.gateway_ref = $2
ORDER BY r.id DESC LIMIT 1;

-- name: find_arn
-- in: i merchant, t arn
-- out: i id, t order_id
SELECT r.id, o.order_id FROM refunds r JOIN orders o ON o.id = r.order_row
WHERE r.arn IS NOT NULL AND r.merchant = $1 AND r.arn = $2 ORDER BY r.id DESC LIMIT 1;

-- name: find_refund_row
-- in: i merchant, i id
-- out: i id, t order_id
SELECT r.id, o.order_id FROM refunds r JOIN orders o ON o.id = r.order_row
WHERE r.merchant = $1 AND r.id = $2;
