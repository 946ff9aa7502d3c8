<?cs call:p() ?><?cs var:by ?> paused <?cs var:gateway ?>. Its refunds can still be created; they wait. What was sent before is still followed to its end.<?cs call:end_p() ?>
<?cs call:facts() ?><?cs call:fact("Gateway", gateway) ?><?cs call:fact("Paused", paused) ?><?cs call:fact("By", by) ?><?cs call:fact("Why", said) ?><?cs call:end_facts() ?>
<?cs call:p() ?><?cs call:todo() ?>When it works again, resume it: refundctl gateway resume <?cs var:gateway ?><?cs call:end_p() ?>
<?cs call:link("Open the refunds", link) ?>
