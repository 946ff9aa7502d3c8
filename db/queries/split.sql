-- Split settlement: the parties of an order and their parts of each refund.

-- name: order_party_insert
-- in: i order_row, t party, i position, i amount
INSERT INTO order_parties (order_row, party, position, amount_minor) VALUES ($1, $2, $3, $4);

-- name: order_split_settled
-- in: i id
UPDATE orders SET is_split_settled = 1 WHERE id = $1 AND is_split_settled = 0;

-- What a party gave back or is about to: refunds of the txn that are not FAILURE, and those that
-- hold their amount by an open exception. The txns of a split payment share the parties.

-- name: order_parties
-- in: i order_row, i txn_row, i limit
-- out: t party, i amount, i given
SELECT o.party, o.amount_minor,
       (SELECT CAST(COALESCE(SUM(p.amount_minor), 0) AS BIGINT)
          FROM refunds r
          JOIN orders w ON w.id = r.order_row
          JOIN refund_parts p ON p.refund_row = r.id AND p.party = o.party
         WHERE r.order_row = $1 AND (r.txn_row = $2 OR (w.is_split_payment = 1 AND $2 <> 0))
           AND (r.status <> 'FAILURE'
                OR EXISTS (SELECT 1 FROM exceptions x
                            WHERE x.refund_row = r.id AND x.closed_ms IS NULL AND x.held_minor > 0)))
  FROM order_parties o
 WHERE o.order_row = $1
 ORDER BY o.position
 LIMIT $3;

-- name: refund_part_insert
-- in: i refund_row, t party, i position, i amount
INSERT INTO refund_parts (refund_row, party, position, amount_minor) VALUES ($1, $2, $3, $4);

-- name: refund_parts
-- in: i refund_row, i limit
-- out: t party, i amount
SELECT p.party, p.amount_minor FROM refund_parts p
WHERE p.refund_row = $1 ORDER BY p.position LIMIT $2;

-- name: refund_parts_of_order
-- in: i order_row, i limit
-- out: i refund_row, t party, i amount
SELECT p.refund_row, p.party, p.amount_minor
FROM refunds r JOIN refund_parts p ON p.refund_row = r.id
WHERE r.order_row = $1 ORDER BY p.refund_row DESC, p.position LIMIT $2;
