-- A party never gives back more than it got, and what was agreed stays as it was.

CREATE TRIGGER refund_parts_within_party BEFORE INSERT ON refund_parts
WHEN NEW.amount_minor + (
        SELECT coalesce(sum(p.amount_minor), 0)
        FROM refunds n
        JOIN refunds r ON r.order_row = n.order_row AND r.txn_row = n.txn_row
            AND r.status <> 'FAILURE'
        JOIN refund_parts p ON p.refund_row = r.id AND p.party = NEW.party
        WHERE n.id = NEW.refund_row)
    > (SELECT coalesce(max(o.amount_minor), -1)
       FROM refunds n JOIN order_parties o ON o.order_row = n.order_row AND o.party = NEW.party
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
