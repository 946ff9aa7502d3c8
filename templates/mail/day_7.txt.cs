<?cs if:test_mode ?>[TEST] <?cs /if ?><?cs var:merchant ?>: refund of <?cs var:amount ?> is still pending
<?cs include:"parts/mail_text.cs" ?>
<?cs include:"parts/mail_day_7.cs" ?>
<?cs include:"layout/mail_foot_text.cs" ?>
