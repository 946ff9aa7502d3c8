-- Payouts to other accounts, instant refunds, and the parts of split settlements. Of the account
-- that money goes to, the ledger keeps only what may be shown.

ALTER TABLE refunds ADD COLUMN operation TEXT NOT NULL DEFAULT 'REFUND'
    CHECK (operation IN ('REFUND', 'PAYOUT'));
ALTER TABLE refunds ADD COLUMN instant @INT@ NOT NULL DEFAULT 0 CHECK (instant IN (0, 1));
ALTER TABLE refunds ADD COLUMN parts TEXT;
ALTER TABLE refunds ADD COLUMN beneficiary TEXT;
ALTER TABLE refunds ADD COLUMN reference_id TEXT;
