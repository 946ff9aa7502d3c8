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
CREATE TRIGGER refunds_moves_legally BEFORE UPDATE OF state ON refunds
WHEN OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN (
    'AWAITING_APPROVAL>HELD', 'AWAITING_APPROVAL>FAILURE', 'AWAITING_APPROVAL>MANUAL_REVIEW',
    'HELD>SENDING', 'HELD>FAILURE', 'HELD>MANUAL_REVIEW',
    'QUEUED>SENDING', 'QUEUED>ACCEPTED', 'QUEUED>SUCCESS', 'QUEUED>FAILURE',
    'QUEUED>MANUAL_REVIEW',
    'SENDING>QUEUED', 'SENDING>ACCEPTED', 'SENDING>UNKNOWN', 'SENDING>LOW_BALANCE',
    'SENDING>SUCCESS', 'SENDING>FAILURE',
    'ACCEPTED>SUCCESS', 'ACCEPTED>FAILURE', 'ACCEPTED>MANUAL_REVIEW',
    'UNKNOWN>QUEUED', 'UNKNOWN>ACCEPTED', 'UNKNOWN>SUCCESS', 'UNKNOWN>FAILURE',
    'UNKNOWN>MANUAL_REVIEW',
    'LOW_BALANCE>SENDING', 'LOW_BALANCE>ACCEPTED', 'LOW_BALANCE>SUCCESS',
    'LOW_BALANCE>FAILURE', 'LOW_BALANCE>MANUAL_REVIEW',
    'MANUAL_REVIEW>SUCCESS', 'MANUAL_REVIEW>FAILURE')
BEGIN
    SELECT RAISE(ABORT, 'a refund does not move like that');
END;
