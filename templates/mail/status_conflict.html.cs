<?cs include:"layout/mail_head.cs" ?>
<?cs include:"parts/mail_html.cs" ?>
<?cs include:"parts/mail_status_conflict.cs" ?>
<?cs include:"layout/mail_foot.cs" ?>
