<?cs if:test_mode ?>[TEST] <?cs /if ?><?cs var:merchant ?>: batch <?cs var:file ?>: <?cs var:accepted ?> of <?cs var:rows ?> rows became refunds
<?cs include:"parts/mail_text.cs" ?>
<?cs include:"parts/mail_batch_finished.cs" ?>
<?cs include:"layout/mail_foot_text.cs" ?>
