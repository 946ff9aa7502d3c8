-- A row that has its refund keeps it, and a batch that has ended stays ended but for a retried row.

CREATE TRIGGER batch_rows_keeps_refund BEFORE UPDATE ON batch_rows
WHEN OLD.refund_row IS NOT NULL AND OLD.refund_row IS NOT NEW.refund_row
BEGIN
    SELECT RAISE(ABORT, 'a row of a batch keeps its refund');
END;
CREATE TRIGGER batch_rows_keeps_terms
BEFORE UPDATE OF order_id, amount, txn_id, unique_id, cells ON batch_rows
WHEN OLD.order_id <> NEW.order_id OR OLD.amount <> NEW.amount OR OLD.txn_id IS NOT NEW.txn_id
    OR OLD.unique_id IS NOT NEW.unique_id OR OLD.cells IS NOT NEW.cells
BEGIN
    SELECT RAISE(ABORT, 'the row of a file is never changed');
END;
CREATE TRIGGER batch_rows_keeps_rows BEFORE DELETE ON batch_rows
WHEN (SELECT b.status FROM batches b WHERE b.id = OLD.batch) <> 'READING'
BEGIN
    SELECT RAISE(ABORT, 'the rows of a batch are never deleted');
END;
CREATE TRIGGER batches_keeps_rows BEFORE DELETE ON batches
WHEN OLD.status <> 'READING'
BEGIN
    SELECT RAISE(ABORT, 'batches are never deleted');
END;
CREATE TRIGGER batches_moves_legally BEFORE UPDATE OF status ON batches
WHEN OLD.status <> NEW.status AND (OLD.status || '>' || NEW.status) NOT IN (
    'READING>AWAITING_CONFIRMATION',
    'AWAITING_CONFIRMATION>AWAITING_APPROVAL', 'AWAITING_CONFIRMATION>PROCESSING',
    'AWAITING_CONFIRMATION>CANCELLED',
    'AWAITING_APPROVAL>PROCESSING', 'AWAITING_APPROVAL>REJECTED', 'AWAITING_APPROVAL>CANCELLED',
    'PROCESSING>PAUSED', 'PROCESSING>COMPLETED', 'PROCESSING>PARTIALLY_COMPLETED',
    'PROCESSING>FAILED', 'PROCESSING>CANCELLED',
    'PAUSED>PROCESSING', 'PAUSED>CANCELLED',
    'PARTIALLY_COMPLETED>COMPLETED', 'FAILED>PARTIALLY_COMPLETED', 'FAILED>COMPLETED')
BEGIN
    SELECT RAISE(ABORT, 'a batch does not move like that');
END;
