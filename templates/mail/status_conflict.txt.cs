<?cs if:test_mode ?>[TEST] <?cs /if ?>Order <?cs var:order_id ?>: <?cs var:amount ?> came too late

Payment <?cs var:txn_id ?> of order <?cs var:order_id ?> succeeded too late.

Amount: <?cs var:amount ?>
Started: <?cs var:initiated ?>
Succeeded: <?cs var:succeeded ?>
Limit: <?cs var:threshold ?> min
Done: <?cs var:done ?>

<?cs var:link ?>
<?cs include:"layout/mail_foot_text.cs" ?>
