-- A party never gives back more than it got, and what was agreed stays as it was.

CREATE TRIGGER order_parties_keeps_words BEFORE UPDATE ON order_parties
BEGIN
    SELECT RAISE(ABORT, 'the parties of an order are never changed');
END;
CREATE TRIGGER order_parties_keeps_rows BEFORE DELETE ON order_parties
BEGIN
    SELECT RAISE(ABORT, 'the parties of an order are never deleted');
END;
CREATE TRIGGER refund_parts_within_party BEFORE INSERT ON refund_parts
WHEN NEW.amount_minor + (
        SELECT coalesce(sum(p.amount_minor), 0)
        FROM refunds n
        JOIN orders w ON w.id = n.order_row
        JOIN refunds r ON r.order_row = n.order_row
            AND (r.txn_row = n.txn_row OR w.is_split_payment = 1)
            AND (r.status <> 'FAILURE'
                 OR EXISTS (SELECT 1 FROM exceptions x WHERE x.refund_row = r.id
                            AND x.closed_ms IS NULL AND x.held_minor > 0))
        JOIN refund_parts p ON p.refund_row = r.id AND p.party = NEW.party
        WHERE n.id = NEW.refund_row)
    > (SELECT coalesce(o.amount_minor, -1)
       FROM refunds n
       LEFT JOIN order_parties o ON o.order_row = n.order_row AND o.party = NEW.party
       WHERE n.id = NEW.refund_row)
BEGIN
    SELECT RAISE(ABORT, 'more than the party has left of its part');
END;
CREATE TRIGGER refund_parts_keeps_words BEFORE UPDATE ON refund_parts
BEGIN
    SELECT RAISE(ABORT, 'the split of a refund is never changed');
END;
CREATE TRIGGER refund_parts_keeps_rows BEFORE DELETE ON refund_parts
BEGIN
    SELECT RAISE(ABORT, 'the split of a refund is never deleted');
END;
CREATE TRIGGER payouts_keeps_words BEFORE UPDATE ON payouts
BEGIN
    SELECT RAISE(ABORT, 'where a payout goes is never changed');
END;
CREATE TRIGGER payouts_keeps_rows BEFORE DELETE ON payouts
BEGIN
    SELECT RAISE(ABORT, 'payouts are never deleted');
END;
CREATE TRIGGER idempotency_keeps_words BEFORE UPDATE ON idempotency_keys
BEGIN
    SELECT RAISE(ABORT, 'a kept answer is never changed');
END;
CREATE TRIGGER idempotency_keeps_rows BEFORE DELETE ON idempotency_keys
BEGIN
    SELECT RAISE(ABORT, 'kept answers are never deleted');
END;
