<?cs include:"layout/mail_head.cs" ?>
<?cs include:"parts/mail_html.cs" ?>
<?cs include:"parts/mail_auto_refund_done.cs" ?>
<?cs include:"layout/mail_foot.cs" ?>
