-- What CHECK and UNIQUE cannot say: rows that are history stay as they were written, and a refund
-- moves only where refund/machine.c lets it.

CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never deleted');
END;
CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never changed');
END;

CREATE TRIGGER events_keeps_rows BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;
CREATE TRIGGER events_keeps_words BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE TRIGGER refunds_keeps_rows BEFORE DELETE ON refunds
BEGIN
    SELECT RAISE(ABORT, 'refunds are never deleted');
END;
CREATE TRIGGER refunds_keeps_terms
BEFORE UPDATE OF merchant, order_row, txn_row, unique_request_id, amount_minor, currency ON refunds
WHEN OLD.merchant <> NEW.merchant OR OLD.order_row <> NEW.order_row
    OR OLD.txn_row <> NEW.txn_row OR OLD.unique_request_id <> NEW.unique_request_id
    OR OLD.amount_minor <> NEW.amount_minor OR OLD.currency <> NEW.currency
BEGIN
    SELECT RAISE(ABORT, 'the terms of a refund are never changed');
END;
