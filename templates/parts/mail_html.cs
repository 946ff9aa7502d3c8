<?cs def:p() ?><p><?cs /def ?><?cs def:end_p() ?></p><?cs /def ?>
<?cs def:done() ?><b>What was done:</b> <?cs /def ?><?cs def:todo() ?><b>What to do:</b> <?cs /def ?>
<?cs def:facts() ?><table cellpadding="4"><?cs /def ?><?cs def:end_facts() ?></table><?cs /def ?>
<?cs def:fact(label, value) ?><?cs if:?value ?><tr><th align="left" scope="row"><?cs var:label ?></th><td><?cs var:value ?></td></tr><?cs /if ?><?cs /def ?>
<?cs def:link(label, href) ?><p><a href="<?cs var:href ?>"><?cs var:label ?></a></p><?cs /def ?>
