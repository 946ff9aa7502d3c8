<?cs if:test_mode ?>[TEST] <?cs /if ?><?cs var:merchant ?>: <?cs if:kind == "CONFLICTED" ?><?cs var:amount ?> of order <?cs var:order_id ?> came too late<?cs else ?>order <?cs var:order_id ?> was charged again, <?cs var:amount ?><?cs /if ?>
<?cs include:"parts/mail_text.cs" ?>
<?cs include:"parts/mail_status_conflict.cs" ?>
<?cs include:"layout/mail_foot_text.cs" ?>
