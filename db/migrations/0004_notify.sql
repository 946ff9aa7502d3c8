-- Auto refund of conflicted and multiple-charged transactions, webhooks out, mails.

-- Settings > Conflict. A merchant without a row has everything off and 10 minutes.
-- The …_since_ms: successes before them never cause a refund.
CREATE TABLE conflict_settings (
    merchant            @INT@ PRIMARY KEY REFERENCES merchants (id),
    refund_conflicted   @INT@ NOT NULL DEFAULT 0 CHECK (refund_conflicted IN (0, 1)),
    conflicted_since_ms @INT@,
    threshold_minutes   @INT@ NOT NULL DEFAULT 10
        CHECK (threshold_minutes BETWEEN 1 AND 999999999),
    notify              @INT@ NOT NULL DEFAULT 0 CHECK (notify IN (0, 1)),
    emails              TEXT,
    refund_multiple     @INT@ NOT NULL DEFAULT 0 CHECK (refund_multiple IN (0, 1)),
    multiple_since_ms   @INT@,
    updated_ms          @INT@ NOT NULL,
    CONSTRAINT conflicted_since CHECK (refund_conflicted = 0 OR conflicted_since_ms IS NOT NULL),
    CONSTRAINT multiple_since CHECK (refund_multiple = 0 OR multiple_since_ms IS NOT NULL),
    CONSTRAINT notify_whom CHECK (notify = 0 OR (emails IS NOT NULL AND length(emails) > 0))
) @STRICT@;

-- A gateway that is slower or faster than the rest has a threshold of its own.
CREATE TABLE conflict_gateways (
    merchant          @INT@ NOT NULL REFERENCES merchants (id),
    gateway           TEXT NOT NULL,
    threshold_minutes @INT@ NOT NULL CHECK (threshold_minutes BETWEEN 1 AND 999999999),
    PRIMARY KEY (merchant, gateway)
) @STRICT@;

-- What may be refunded by itself in any 24 hours; above it a person approves.
CREATE TABLE conflict_ceilings (
    merchant    @INT@ NOT NULL REFERENCES merchants (id),
    currency    TEXT NOT NULL,
    daily_minor @INT@ NOT NULL CHECK (daily_minor BETWEEN 1 AND 1000000000000000),
    PRIMARY KEY (merchant, currency)
) @STRICT@;

-- As others tell it, while the desk's own auto refund has the txn AUTO_REFUNDED; else NULL.
ALTER TABLE txns ADD COLUMN told_status TEXT;
-- 1: its success was first heard from an import, which never causes a refund.
ALTER TABLE txns ADD COLUMN is_imported @INT@ NOT NULL DEFAULT 0 CHECK (is_imported IN (0, 1));
-- 1: only its gateway told of it so far: the payer may have chosen the order that it names.
ALTER TABLE txns ADD COLUMN is_payers_word @INT@ NOT NULL DEFAULT 0
    CHECK (is_payers_word IN (0, 1));
-- The least threshold is a minute: what may be conflicted is found without reading the rest.
CREATE INDEX txns_late ON txns (merchant, charged_ms) WHERE charged_ms - created_ms > 60000;

-- 1: several of its txns were charged, and it is no split payment.
ALTER TABLE orders ADD COLUMN is_multiple @INT@ NOT NULL DEFAULT 0 CHECK (is_multiple IN (0, 1));
UPDATE orders SET is_multiple = 1
 WHERE is_split_payment = 0
   AND id IN (SELECT t.order_row FROM txns t
               WHERE t.status IN ('CHARGED', 'PARTIAL_CHARGED', 'AUTO_REFUNDED')
               GROUP BY t.order_row HAVING count(*) > 1);
CREATE INDEX orders_multiple ON orders (merchant, created_ms, id) WHERE is_multiple = 1;

-- Why a charged txn is conflicted, or charged beside the kept one, and what was done about it.
-- SHOWN: nothing. WITHDRAWN: its refund was taken back before it was sent, other news came.
-- CANCELLED: a person took it back: never refunded by itself again.
CREATE TABLE conflicts (
    txn_row           @INT@ PRIMARY KEY REFERENCES txns (id),
    merchant          @INT@ NOT NULL REFERENCES merchants (id),
    order_row         @INT@ NOT NULL REFERENCES orders (id),
    kind              TEXT NOT NULL CHECK (kind IN ('CONFLICTED', 'MULTIPLE_CHARGED')),
    state             TEXT NOT NULL
        CHECK (state IN ('SHOWN', 'REFUNDED', 'REFUSED', 'WITHDRAWN', 'CANCELLED')),
    initiated_ms      @INT@ NOT NULL,
    success_ms        @INT@ NOT NULL,
    threshold_minutes @INT@,
    kept_txn          @INT@ REFERENCES txns (id),
    said              TEXT,
    refund_row        @INT@ REFERENCES refunds (id),
    rounds            @INT@ NOT NULL DEFAULT 0 CHECK (rounds >= 0),
    first_ms          @INT@ NOT NULL,
    updated_ms        @INT@ NOT NULL,
    CONSTRAINT refunded_has_refund CHECK (state <> 'REFUNDED' OR refund_row IS NOT NULL),
    CONSTRAINT conflicted_has_threshold CHECK (kind <> 'CONFLICTED' OR threshold_minutes IS NOT NULL)
) @STRICT@;
CREATE INDEX conflicts_order ON conflicts (order_row);
CREATE INDEX conflicts_newest ON conflicts (merchant, first_ms);
CREATE INDEX conflicts_refused ON conflicts (merchant, first_ms) WHERE state = 'REFUSED';

-- However often the same news comes: one auto refund of a txn at a time.
CREATE UNIQUE INDEX refunds_auto_once ON refunds (txn_row)
    WHERE source = 'AUTO' AND status <> 'FAILURE';
CREATE INDEX refunds_auto ON refunds (merchant, created_ms, currency, state, amount_minor)
    WHERE source = 'AUTO';
-- Who made an API key never approves what is sent with it. NULL: made by refundctl, or before this.
ALTER TABLE api_keys ADD COLUMN made_by TEXT;
ALTER TABLE batches ADD COLUMN key_maker TEXT CONSTRAINT batch_key_maker_is_not_checker
    CHECK (checked_by IS NULL OR key_maker IS NULL OR checked_by <> key_maker);

-- The same order and amount in another file that has not run yet.
CREATE INDEX batch_rows_waiting ON batch_rows (lower(order_id), amount_minor)
    WHERE status = 'QUEUED';

-- A gateway that few refunds went through is found without looking through the rest.
CREATE INDEX refunds_by_gateway ON refunds (merchant, gateway, created_ms, id);

-- Where webhooks go. What identifies the desk there is sealed to the worker's key; header_values is
-- a sealed JSON object of the names in `headers`, a JSON array.
CREATE TABLE endpoints (
    id            @INT@ PRIMARY KEY,
    merchant      @INT@ NOT NULL REFERENCES merchants (id),
    url           TEXT NOT NULL,
    username      TEXT,
    password      @BYTES@,
    headers       TEXT NOT NULL DEFAULT '[]',
    header_values @BYTES@,
    secret        @BYTES@ NOT NULL,
    old_secret    @BYTES@,
    old_until_ms  @INT@,
    any_2xx       @INT@ NOT NULL DEFAULT 0 CHECK (any_2xx IN (0, 1)),
    state         TEXT NOT NULL CHECK (state IN ('ACTIVE', 'PAUSED', 'DISABLED', 'DELETED')),
    said          TEXT,
    created_by    TEXT NOT NULL,
    created_ms    @INT@ NOT NULL,
    updated_ms    @INT@ NOT NULL
) @STRICT@;
CREATE INDEX endpoints_merchant ON endpoints (merchant, id);
CREATE INDEX endpoints_active ON endpoints (id) WHERE state = 'ACTIVE';

-- Which events an endpoint wants. A DISABLED one keeps them, and hears of none.
CREATE TABLE endpoint_events (
    merchant @INT@ NOT NULL,
    name     TEXT NOT NULL,
    endpoint @INT@ NOT NULL REFERENCES endpoints (id),
    PRIMARY KEY (merchant, name, endpoint)
) @STRICT@;

-- An event as endpoints hear of it: the bytes, made in the transaction of the change. A test event
-- has no order.
CREATE TABLE webhooks (
    id         @INT@ PRIMARY KEY,
    merchant   @INT@ NOT NULL REFERENCES merchants (id),
    order_row  @INT@,
    refund_row @INT@,
    event_id   TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_ms @INT@ NOT NULL
) @STRICT@;
CREATE INDEX webhooks_order ON webhooks (order_row) WHERE order_row IS NOT NULL;
CREATE INDEX webhooks_refund ON webhooks (refund_row) WHERE refund_row IS NOT NULL;
CREATE INDEX webhooks_oldest ON webhooks (created_ms);

-- One webhook on its way to one endpoint. While it is being sent, due_ms is the end of the lease.
CREATE TABLE deliveries (
    id         @INT@ PRIMARY KEY,
    merchant   @INT@ NOT NULL,
    endpoint   @INT@ NOT NULL REFERENCES endpoints (id),
    webhook    @INT@ NOT NULL REFERENCES webhooks (id),
    state      TEXT NOT NULL CHECK (state IN ('WAITING', 'DELIVERED', 'FAILED')),
    attempts   @INT@ NOT NULL DEFAULT 0,
    due_ms     @INT@,
    fence      @INT@ NOT NULL DEFAULT 0,
    status     @INT@,
    took_ms    @INT@,
    said       TEXT,
    tried_ms   @INT@,
    created_ms @INT@ NOT NULL,
    CONSTRAINT waiting_is_due CHECK (state <> 'WAITING' OR due_ms IS NOT NULL),
    UNIQUE (webhook, endpoint)
) @STRICT@;
CREATE INDEX deliveries_due ON deliveries (endpoint, due_ms) WHERE state = 'WAITING';
CREATE INDEX deliveries_newest ON deliveries (endpoint, created_ms, id);
CREATE INDEX deliveries_by_state ON deliveries (endpoint, state, created_ms, id);

-- Every attempt, as it ended. status NULL: no answer.
CREATE TABLE delivery_attempts (
    delivery @INT@ NOT NULL REFERENCES deliveries (id),
    attempt  @INT@ NOT NULL CHECK (attempt >= 1),
    at_ms    @INT@ NOT NULL,
    status   @INT@,
    took_ms  @INT@ NOT NULL,
    said     TEXT,
    PRIMARY KEY (delivery, attempt)
) @STRICT@;

-- Jobs of one lane go by their time, the lanes take turns: a file of a hundred thousand refunds, or a
-- gateway that does not answer, holds up nobody else.
ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT '';
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (lane, due_ms);

-- Who gets which mails.
ALTER TABLE users ADD COLUMN email TEXT;
CREATE TABLE user_mails (
    user_id @INT@ NOT NULL REFERENCES users (id),
    kind    TEXT NOT NULL,
    PRIMARY KEY (user_id, kind)
) @STRICT@;
CREATE INDEX user_mails_kind ON user_mails (kind, user_id);

-- One mail for each occasion and address, ever. While it is being sent, due_ms is the end of the
-- lease. `facts` is what its template says, as it was then.
CREATE TABLE mails (
    id         @INT@ PRIMARY KEY,
    merchant   @INT@ NOT NULL REFERENCES merchants (id),
    kind       TEXT NOT NULL,
    occasion   TEXT NOT NULL,
    address    TEXT NOT NULL,
    facts      TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('WAITING', 'SENT', 'FAILED')),
    attempts   @INT@ NOT NULL DEFAULT 0,
    due_ms     @INT@,
    fence      @INT@ NOT NULL DEFAULT 0,
    said       TEXT,
    created_ms @INT@ NOT NULL,
    sent_ms    @INT@,
    CONSTRAINT mail_is_due CHECK (state <> 'WAITING' OR due_ms IS NOT NULL),
    UNIQUE (merchant, occasion, address)
) @STRICT@;
CREATE INDEX mails_due ON mails (due_ms) WHERE state = 'WAITING';
CREATE INDEX mails_newest ON mails (merchant, created_ms, id);
