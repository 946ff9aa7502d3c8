<?cs if:test_mode ?>[TEST] <?cs /if ?><?cs var:merchant ?>: auto refund of <?cs var:amount ?> failed
<?cs include:"parts/mail_text.cs" ?>
<?cs include:"parts/mail_auto_refund_failed.cs" ?>
<?cs include:"layout/mail_foot_text.cs" ?>
