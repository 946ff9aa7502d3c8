-- What was told stays as it was told.

CREATE TRIGGER webhooks_keeps_words BEFORE UPDATE ON webhooks
BEGIN
    SELECT RAISE(ABORT, 'a webhook is never changed');
END;
CREATE TRIGGER delivery_attempts_keeps_words BEFORE UPDATE ON delivery_attempts
BEGIN
    SELECT RAISE(ABORT, 'an attempt is never changed');
END;
CREATE TRIGGER mails_keeps_words BEFORE UPDATE OF merchant, kind, occasion, address, facts ON mails
BEGIN
    SELECT RAISE(ABORT, 'a mail is never changed');
END;
CREATE TRIGGER conflicts_keeps_rows BEFORE DELETE ON conflicts
WHEN OLD.rounds > 0
BEGIN
    SELECT RAISE(ABORT, 'what was refunded by itself is never forgotten');
END;
CREATE TRIGGER endpoints_keeps_rows BEFORE DELETE ON endpoints
BEGIN
    SELECT RAISE(ABORT, 'endpoints are never deleted');
END;
