<?cs call:p() ?>The desk sends no webhooks to this endpoint any more, and what waited for it was given up.<?cs call:end_p() ?>
<?cs call:facts() ?><?cs call:fact("Endpoint", url) ?><?cs call:fact("Disabled", disabled) ?><?cs call:fact("Why", said) ?><?cs call:end_facts() ?>
<?cs call:p() ?><?cs call:todo() ?>If it is to get them again, switch it on in Settings, Webhooks, and send it there again what it missed.<?cs call:end_p() ?>
<?cs call:link("Open the webhooks", link) ?>
