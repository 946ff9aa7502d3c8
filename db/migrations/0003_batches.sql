-- Batches of refunds from a file: what was read, how each row was judged, and what became of it.

CREATE TABLE batches (
    id           @INT@ PRIMARY KEY,
    merchant     @INT@ NOT NULL REFERENCES merchants (id),
    file_name    TEXT NOT NULL,
    file_sha256  @BYTES@,
    description  TEXT,
    reason       TEXT NOT NULL,
    source       TEXT NOT NULL CHECK (source IN ('API', 'PORTAL')),
    status       TEXT NOT NULL,
    run_mode     TEXT CHECK (run_mode IN ('GOOD_ROWS', 'ALL_OR_NONE')),
    rows_total   @INT@ NOT NULL DEFAULT 0 CHECK (rows_total >= 0),
    rows_bad     @INT@ NOT NULL DEFAULT 0 CHECK (rows_bad BETWEEN 0 AND rows_total),
    rows_done    @INT@ NOT NULL DEFAULT 0,
    rows_accepted @INT@ NOT NULL DEFAULT 0,
    rows_failed  @INT@ NOT NULL DEFAULT 0,
    -- What the list shows and sorts by: the amount in the currency of most rows.
    currency     TEXT,
    amount_minor @INT@ NOT NULL DEFAULT 0 CHECK (amount_minor >= 0),
    created_by   TEXT NOT NULL,
    checked_by   TEXT,
    said         TEXT,
    created_ms   @INT@ NOT NULL,
    updated_ms   @INT@ NOT NULL,
    CONSTRAINT known_batch_status CHECK (status IN ('READING', 'AWAITING_CONFIRMATION',
        'AWAITING_APPROVAL', 'PROCESSING', 'PAUSED', 'COMPLETED', 'PARTIALLY_COMPLETED', 'FAILED',
        'REJECTED', 'CANCELLED')),
    CONSTRAINT batch_maker_is_not_checker CHECK (checked_by IS NULL OR checked_by <> created_by),
    CONSTRAINT batch_counts CHECK (rows_done = rows_accepted + rows_failed
                                   AND rows_accepted >= 0 AND rows_failed >= 0
                                   AND rows_done <= rows_total)
) @STRICT@;
CREATE INDEX batches_newest ON batches (merchant, created_ms, id);
CREATE INDEX batches_digest ON batches (merchant, file_sha256);
CREATE INDEX batches_working ON batches (id) WHERE status = 'PROCESSING';
CREATE INDEX batches_reading ON batches (created_ms) WHERE status = 'READING';

-- What a file asks for in each currency, and how much of it nothing speaks against.
CREATE TABLE batch_totals (
    batch        @INT@ NOT NULL REFERENCES batches (id),
    currency     TEXT NOT NULL,
    gateway      TEXT NOT NULL,
    rows_good    @INT@ NOT NULL,
    good_minor   @INT@ NOT NULL CHECK (good_minor >= 0),
    rows_bad     @INT@ NOT NULL,
    bad_minor    @INT@ NOT NULL CHECK (bad_minor >= 0),
    PRIMARY KEY (batch, currency, gateway)
) @STRICT@;

-- A row as it was written, its verdict before, its status, and its refund. `cells` is a JSON object
-- of the optional columns.
CREATE TABLE batch_rows (
    batch        @INT@ NOT NULL REFERENCES batches (id),
    row          @INT@ NOT NULL CHECK (row >= 1),
    line         @INT@ NOT NULL CHECK (line >= 1),
    order_id     TEXT NOT NULL,
    amount       TEXT NOT NULL,
    txn_id       TEXT,
    unique_id    TEXT,
    cells        TEXT,
    currency     TEXT,
    amount_minor @INT@,
    gateway      TEXT,
    verdict      TEXT NOT NULL,
    verdict_said TEXT,
    warning      TEXT,
    status       TEXT NOT NULL DEFAULT 'QUEUED'
        CHECK (status IN ('QUEUED', 'ACCEPTED', 'FAILED')),
    error_code   TEXT,
    error_message TEXT,
    refund_row   @INT@ REFERENCES refunds (id),
    updated_ms   @INT@ NOT NULL,
    PRIMARY KEY (batch, row),
    CONSTRAINT accepted_has_refund CHECK ((status = 'ACCEPTED') = (refund_row IS NOT NULL))
) @STRICT@;
CREATE INDEX batch_rows_by_status ON batch_rows (batch, status, row);
CREATE INDEX batch_rows_refund ON batch_rows (refund_row) WHERE refund_row IS NOT NULL;

ALTER TABLE merchants ADD COLUMN batch_rows @INT@ NOT NULL DEFAULT 1000
    CHECK (batch_rows BETWEEN 1 AND 100000);

-- A batch's page tells its story from the audit log.
CREATE INDEX audit_of_batches ON audit (merchant, subject, seq)
    WHERE action >= 'batch.' AND action < 'batch/';

-- Sync with Gateway of a batch: how each refund that had not ended stood when it was asked for.
-- Only the last time is kept.
CREATE TABLE batch_syncs (
    batch        @INT@ NOT NULL REFERENCES batches (id),
    refund_row   @INT@ NOT NULL REFERENCES refunds (id),
    asked_ms     @INT@ NOT NULL,
    verdict      TEXT NOT NULL CHECK (verdict IN ('ASKED', 'NOT_SENT', 'SENDING', 'COOLING')),
    status       TEXT NOT NULL,
    PRIMARY KEY (batch, refund_row)
) @STRICT@;
