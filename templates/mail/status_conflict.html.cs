<?cs include:"layout/mail_head.cs" ?>
<p>Payment <?cs var:txn_id ?> of order <a href="<?cs var:link ?>"><?cs var:order_id ?></a> succeeded too late.</p>
<table>
<tr><th align="left">Amount</th><td><?cs var:amount ?></td></tr>
<tr><th align="left">Started</th><td><?cs var:initiated ?></td></tr>
<tr><th align="left">Succeeded</th><td><?cs var:succeeded ?></td></tr>
<tr><th align="left">Limit</th><td><?cs var:threshold ?> min</td></tr>
<tr><th align="left">Done</th><td><?cs var:done ?></td></tr>
</table>
<?cs include:"layout/mail_foot.cs" ?>
