<?cs if:test_mode ?>[TEST] <?cs /if ?><?cs var:merchant ?>: a webhook endpoint was disabled
<?cs include:"parts/mail_text.cs" ?>
<?cs include:"parts/mail_endpoint_disabled.cs" ?>
<?cs include:"layout/mail_foot_text.cs" ?>
