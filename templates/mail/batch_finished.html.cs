<?cs include:"layout/mail_head.cs" ?>
<?cs include:"parts/mail_html.cs" ?>
<?cs include:"parts/mail_batch_finished.cs" ?>
<?cs include:"layout/mail_foot.cs" ?>
