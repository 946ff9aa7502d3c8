<?cs if:test_mode ?>[TEST] <?cs /if ?><?cs var:merchant ?>: <?cs var:gateway ?> is paused, its refunds wait
<?cs include:"parts/mail_text.cs" ?>
<?cs include:"parts/mail_gateway_paused.cs" ?>
<?cs include:"layout/mail_foot_text.cs" ?>
