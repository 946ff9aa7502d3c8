<?cs if:test_mode ?>[TEST] <?cs /if ?><?cs var:merchant ?>: <?cs if:?file ?>batch <?cs var:file ?><?cs else ?>refund of <?cs var:amount ?><?cs /if ?> was rejected
<?cs include:"parts/mail_text.cs" ?>
<?cs include:"parts/mail_rejected.cs" ?>
<?cs include:"layout/mail_foot_text.cs" ?>
