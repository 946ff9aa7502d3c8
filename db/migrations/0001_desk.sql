-- The desk's tables. Times are ms since 1970 UTC (…_ms), money is minor units (…_minor), ids are
-- made by the program (core/id.h). Texts are UTF-8. The program checks first; what stands here is
-- the second lock.

CREATE TABLE merchants (
    id                 @INT@ PRIMARY KEY,
    merchant_id        TEXT NOT NULL UNIQUE,
    name               TEXT NOT NULL,
    time_zone          TEXT NOT NULL,
    locale             TEXT NOT NULL,
    default_currency   TEXT NOT NULL,
    test_mode          @INT@ NOT NULL CHECK (test_mode IN (0, 1)),
    sending_stopped    @INT@ NOT NULL DEFAULT 0 CHECK (sending_stopped IN (0, 1)),
    sending_stopped_by TEXT,
    sending_stopped_why TEXT,
    maker_checker      @INT@ NOT NULL DEFAULT 0 CHECK (maker_checker IN (0, 1)),
    hold_ms            @INT@ NOT NULL DEFAULT 60000 CHECK (hold_ms BETWEEN 0 AND 900000),
    refund_limit       @INT@ NOT NULL DEFAULT 25 CHECK (refund_limit BETWEEN 1 AND 1000),
    order_age_days     @INT@ NOT NULL DEFAULT 365 CHECK (order_age_days BETWEEN 1 AND 3650),
    twin_window_ms     @INT@ NOT NULL DEFAULT 5000 CHECK (twin_window_ms BETWEEN 0 AND 600000),
    created_ms         @INT@ NOT NULL
) @STRICT@;

-- Per-currency values of a merchant; a currency without a row has the defaults of store/settings.h.
CREATE TABLE currency_settings (
    merchant       @INT@ NOT NULL REFERENCES merchants (id),
    currency       TEXT NOT NULL,
    minimum_minor  @INT@ NOT NULL CHECK (minimum_minor >= 1),
    confirm_minor  @INT@ CHECK (confirm_minor >= 1),
    approval_minor @INT@ CHECK (approval_minor >= 1),
    PRIMARY KEY (merchant, currency)
) @STRICT@;

CREATE TABLE users (
    id               @INT@ PRIMARY KEY,
    merchant         @INT@ NOT NULL REFERENCES merchants (id),
    name             TEXT NOT NULL UNIQUE,
    password_hash    TEXT NOT NULL,
    role             TEXT NOT NULL,
    right_orders     @INT@ NOT NULL CHECK (right_orders BETWEEN 0 AND 2),
    right_refunds    @INT@ NOT NULL CHECK (right_refunds BETWEEN 0 AND 2),
    right_approvals  @INT@ NOT NULL CHECK (right_approvals BETWEEN 0 AND 2),
    right_settings   @INT@ NOT NULL CHECK (right_settings BETWEEN 0 AND 2),
    right_users      @INT@ NOT NULL CHECK (right_users BETWEEN 0 AND 2),
    right_audit      @INT@ NOT NULL CHECK (right_audit BETWEEN 0 AND 2),
    disabled         @INT@ NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created_ms       @INT@ NOT NULL
) @STRICT@;

CREATE TABLE sessions (
    token_hash   @BYTES@ PRIMARY KEY,
    user_id      @INT@ NOT NULL REFERENCES users (id),
    csrf         TEXT NOT NULL,
    created_ms   @INT@ NOT NULL,
    seen_ms      @INT@ NOT NULL,
    address      TEXT NOT NULL
) @STRICT@;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_seen ON sessions (seen_ms);

-- Failed logins, one row for each account name tried ("a:name") and each address ("i:address").
CREATE TABLE login_failures (
    subject      TEXT PRIMARY KEY,
    failures     @INT@ NOT NULL,
    first_ms     @INT@ NOT NULL
) @STRICT@;

CREATE TABLE api_keys (
    id           @INT@ PRIMARY KEY,
    merchant     @INT@ NOT NULL REFERENCES merchants (id),
    key_hash     @BYTES@ NOT NULL UNIQUE,
    prefix       TEXT NOT NULL,
    name         TEXT NOT NULL,
    scopes       @INT@ NOT NULL CHECK (scopes BETWEEN 1 AND 7),
    created_ms   @INT@ NOT NULL,
    expires_ms   @INT@,
    revoked_ms   @INT@,
    used_ms      @INT@
) @STRICT@;

-- What a gateway can do is data, so that validation needs no gateway code.
CREATE TABLE gateways (
    id           @INT@ PRIMARY KEY,
    merchant     @INT@ NOT NULL REFERENCES merchants (id),
    name         TEXT NOT NULL,
    gateway_id   @INT@ NOT NULL,
    adapter      TEXT,
    can_refund   @INT@ NOT NULL CHECK (can_refund IN (0, 1)),
    can_instant  @INT@ NOT NULL CHECK (can_instant IN (0, 1)),
    credentials  @BYTES@,
    base_url     TEXT,
    paused       @INT@ NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    UNIQUE (merchant, name)
) @STRICT@;

CREATE TABLE orders (
    id               @INT@ PRIMARY KEY,
    merchant         @INT@ NOT NULL REFERENCES merchants (id),
    order_id         TEXT NOT NULL,
    order_key        TEXT NOT NULL,
    public_id        TEXT NOT NULL,
    status           TEXT NOT NULL,
    amount_minor     @INT@ NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    effective_minor  @INT@ NOT NULL CHECK (effective_minor BETWEEN 0 AND 1000000000000000),
    currency         TEXT NOT NULL CHECK (length(currency) = 3),
    customer_id      TEXT,
    customer_email   TEXT,
    customer_phone   TEXT,
    product_id       TEXT,
    description      TEXT,
    return_url       TEXT,
    is_cod           @INT@ NOT NULL DEFAULT 0 CHECK (is_cod IN (0, 1)),
    is_split_payment @INT@ NOT NULL DEFAULT 0 CHECK (is_split_payment IN (0, 1)),
    offer_minimum_minor @INT@ CHECK (offer_minimum_minor >= 0),
    kept_txn         @INT@,
    facts            TEXT NOT NULL DEFAULT '{}',
    created_ms       @INT@ NOT NULL,
    updated_ms       @INT@ NOT NULL,
    -- for lists: the tab of the status, and what the shown txn (kept, else latest) was paid with
    tab              @INT@ NOT NULL CHECK (tab BETWEEN 1 AND 5),
    gateway          TEXT,
    method_type      TEXT,
    method           TEXT,
    is_conflicted    @INT@ NOT NULL DEFAULT 0 CHECK (is_conflicted IN (0, 1)),
    UNIQUE (merchant, order_key)
) @STRICT@;
-- One for each way to sort, with all that lists filter by: rows that a filter leaves out are never
-- read, and totals read nothing else.
CREATE INDEX orders_newest ON orders (merchant, created_ms, id, tab, currency, amount_minor,
    status, gateway, method_type, method, is_conflicted);
CREATE INDEX orders_by_amount ON orders (merchant, amount_minor, id, tab, currency, created_ms,
    status, gateway, method_type, method, is_conflicted);
CREATE INDEX orders_conflicted ON orders (merchant, created_ms, id) WHERE is_conflicted = 1;
CREATE INDEX orders_by_tab ON orders (merchant, tab, created_ms, id);
CREATE INDEX orders_by_status ON orders (merchant, status, created_ms, id);
CREATE INDEX orders_by_gateway ON orders (merchant, gateway, created_ms, id);
CREATE INDEX orders_public_id ON orders (merchant, public_id);
CREATE INDEX orders_totals ON orders (merchant, tab, currency, amount_minor);

-- Exact words that find orders: the customer's id, e-mail and phone, and udf values.
CREATE TABLE order_terms (
    merchant  @INT@ NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('customer', 'udf')),
    term      TEXT NOT NULL,
    order_row @INT@ NOT NULL,
    PRIMARY KEY (merchant, kind, term, order_row)
) @STRICT@;

CREATE TABLE txns (
    id                   @INT@ PRIMARY KEY,
    merchant             @INT@ NOT NULL REFERENCES merchants (id),
    order_row            @INT@ NOT NULL REFERENCES orders (id),
    txn_id               TEXT NOT NULL,
    txn_uuid             TEXT,
    status               TEXT NOT NULL,
    amount_minor         @INT@ NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    net_minor            @INT@,
    tax_minor            @INT@,
    surcharge_minor      @INT@,
    currency             TEXT NOT NULL CHECK (length(currency) = 3),
    gateway              TEXT,
    gateway_id           @INT@,
    gateway_reference_id TEXT,
    payment_method_type  TEXT,
    payment_method       TEXT,
    auth_type            TEXT,
    payment_id           TEXT,
    is_conflicted        @INT@ NOT NULL DEFAULT 0 CHECK (is_conflicted IN (0, 1)),
    facts                TEXT NOT NULL DEFAULT '{}',
    created_ms           @INT@ NOT NULL,
    charged_ms           @INT@,
    held_minor           @INT@ NOT NULL DEFAULT 0,
    refunded_minor       @INT@ NOT NULL DEFAULT 0,
    CONSTRAINT refunds_within_txn CHECK (refunded_minor >= 0 AND refunded_minor <= held_minor
                                         AND held_minor <= amount_minor),
    UNIQUE (merchant, txn_id)
) @STRICT@;
CREATE INDEX txns_order ON txns (order_row, created_ms);
CREATE INDEX txns_payment_id ON txns (merchant, payment_id);

CREATE TABLE refunds (
    id                @INT@ PRIMARY KEY,
    merchant          @INT@ NOT NULL REFERENCES merchants (id),
    order_row         @INT@ NOT NULL REFERENCES orders (id),
    txn_row           @INT@ NOT NULL REFERENCES txns (id),
    unique_request_id TEXT NOT NULL CHECK (length(unique_request_id) BETWEEN 1 AND 255),
    amount_minor      @INT@ NOT NULL CHECK (amount_minor BETWEEN 1 AND 1000000000000000),
    currency          TEXT NOT NULL CHECK (length(currency) = 3),
    state             TEXT NOT NULL,
    status            TEXT NOT NULL,
    sent              @INT@ NOT NULL DEFAULT 0 CHECK (sent IN (0, 1)),
    attempts          @INT@ NOT NULL DEFAULT 0,
    refund_type       TEXT NOT NULL CHECK (refund_type IN ('STANDARD', 'INSTANT', 'PAYOUT')),
    reason            TEXT NOT NULL,
    note              TEXT,
    source            TEXT NOT NULL CHECK (source IN ('API', 'PORTAL', 'BATCH', 'AUTO', 'GATEWAY')),
    initiated_by      TEXT NOT NULL,
    checked_by        TEXT,
    gateway           TEXT NOT NULL,
    gateway_ref       TEXT,
    arn               TEXT,
    error_code        TEXT,
    error_message     TEXT,
    gateway_words     TEXT,
    metadata          TEXT,
    created_ms        @INT@ NOT NULL,
    hold_until_ms     @INT@ NOT NULL,
    sent_ms           @INT@,
    next_check_ms     @INT@,
    processed_ms      @INT@,
    updated_ms        @INT@ NOT NULL,
    CONSTRAINT status_of_state CHECK (status = CASE state
        WHEN 'SUCCESS' THEN 'SUCCESS' WHEN 'FAILURE' THEN 'FAILURE'
        WHEN 'MANUAL_REVIEW' THEN 'MANUAL_REVIEW' ELSE 'PENDING' END),
    CONSTRAINT known_state CHECK (state IN ('AWAITING_APPROVAL', 'HELD', 'QUEUED', 'SENDING',
        'ACCEPTED', 'UNKNOWN', 'LOW_BALANCE', 'SUCCESS', 'FAILURE', 'MANUAL_REVIEW')),
    CONSTRAINT maker_is_not_checker CHECK (checked_by IS NULL OR checked_by <> initiated_by),
    UNIQUE (unique_request_id, order_row)
) @STRICT@;
CREATE INDEX refunds_newest ON refunds (merchant, created_ms, id, status, state, currency,
    amount_minor, gateway, initiated_by, reason);
CREATE INDEX refunds_order ON refunds (order_row, created_ms);
CREATE INDEX refunds_by_status ON refunds (merchant, status, created_ms, id);
CREATE INDEX refunds_by_amount ON refunds (merchant, amount_minor, id);
CREATE INDEX refunds_gateway_ref ON refunds (merchant, gateway_ref) WHERE gateway_ref IS NOT NULL;
CREATE INDEX refunds_arn ON refunds (merchant, arn) WHERE arn IS NOT NULL;
CREATE INDEX refunds_pending ON refunds (created_ms) WHERE status = 'PENDING';

-- What happened, in order: the timeline, and what webhooks must say. A row is never changed.
CREATE TABLE events (
    id         @INT@ PRIMARY KEY,
    merchant   @INT@ NOT NULL,
    order_row  @INT@ NOT NULL,
    refund_row @INT@,
    name       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    at_ms      @INT@ NOT NULL,
    frozen     TEXT NOT NULL
) @STRICT@;
CREATE INDEX events_order ON events (order_row, id);

-- One row for each thing to do. While leased, due_ms is the end of the lease.
CREATE TABLE jobs (
    id        @INT@ PRIMARY KEY,
    kind      TEXT NOT NULL,
    merchant  @INT@ NOT NULL,
    subject   @INT@ NOT NULL,
    due_ms    @INT@ NOT NULL,
    attempt   @INT@ NOT NULL DEFAULT 0,
    leased    @INT@ NOT NULL DEFAULT 0 CHECK (leased IN (0, 1)),
    fence     @INT@ NOT NULL DEFAULT 0,
    UNIQUE (kind, subject)
) @STRICT@;
CREATE INDEX jobs_due ON jobs (due_ms);

-- Contradictions with a gateway that a person must settle; while open, held_minor stays held.
CREATE TABLE exceptions (
    id         @INT@ PRIMARY KEY,
    merchant   @INT@ NOT NULL,
    refund_row @INT@ NOT NULL REFERENCES refunds (id),
    kind       TEXT NOT NULL,
    detail     TEXT NOT NULL,
    held_minor @INT@ NOT NULL DEFAULT 0 CHECK (held_minor >= 0),
    opened_ms  @INT@ NOT NULL,
    closed_ms  @INT@,
    UNIQUE (refund_row, kind)
) @STRICT@;

-- Who did what, chained by hashes, one chain for each merchant. Never changed, never deleted.
CREATE TABLE audit (
    id        @INT@ PRIMARY KEY,
    merchant  @INT@ NOT NULL,
    seq       @INT@ NOT NULL,
    at_ms     @INT@ NOT NULL,
    actor     TEXT NOT NULL,
    action    TEXT NOT NULL,
    subject   TEXT NOT NULL,
    detail    TEXT NOT NULL,
    hash      @BYTES@ NOT NULL,
    UNIQUE (merchant, seq)
) @STRICT@;
CREATE TABLE audit_heads (
    merchant  @INT@ PRIMARY KEY REFERENCES merchants (id),
    seq       @INT@ NOT NULL,
    hash      @BYTES@ NOT NULL
) @STRICT@;
