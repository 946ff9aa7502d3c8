<?cs if:test_mode ?>[TEST] <?cs /if ?><?cs var:merchant ?>: refund of <?cs var:amount ?> needs manual review
<?cs include:"parts/mail_text.cs" ?>
<?cs include:"parts/mail_manual_review.cs" ?>
<?cs include:"layout/mail_foot_text.cs" ?>
