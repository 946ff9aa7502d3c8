<?cs include:"layout/head.cs" ?>
<?cs def:fault(id, error) ?><?cs if:error ?><div class="invalid-feedback" id="<?cs var:id ?>-error"><?cs var:error ?></div><?cs /if ?><?cs /def ?>
<?cs call:notice(notice) ?>
<?cs if:may_write ?><div class="split"><?cs /if ?>
<section class="card keys-list"><div class="card-header"><h2 id="keys-title">API keys</h2></div>
<?cs if:?keys.0.name ?><div class="table-responsive" role="region" aria-labelledby="keys-title" tabindex="0"><table class="table table-vcenter card-table">
<thead><tr><th scope="col">Name</th><th scope="col">Key, created (<?cs var:zone ?>)</th><th scope="col">State</th><th scope="col">Last used</th><th scope="col">Expires</th><?cs if:may_write ?><th scope="col"><span class="visually-hidden">Action</span></th><?cs /if ?></tr></thead>
<tbody><?cs each:k = keys ?>
<tr><td class="cut"><b><?cs var:k.name ?></b><div class="sub"><?cs var:k.scopes ?></div></td><td><code><?cs var:k.prefix ?></code><div class="sub"><?cs call:when(k.created) ?></div></td><td><?cs call:badge(k.state) ?></td><td class="sub"><span class="narrow">last used </span><?cs if:?k.used.text ?><?cs call:when(k.used) ?><?cs else ?>never<?cs /if ?></td><td class="sub"><?cs if:?k.revoked.text ?>revoked <?cs call:when(k.revoked) ?><?cs elif:?k.expires.text ?><span class="narrow">expires </span><?cs call:when(k.expires) ?><?cs else ?><span class="narrow">expires </span>never<?cs /if ?></td><?cs if:may_write ?><td class="do"><?cs if:?k.revoke ?><form class="inline" method="post" action="<?cs var:k.revoke ?>"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><button class="btn btn-sm" aria-label="Revoke <?cs var:k.name ?>">Revoke …</button></form><?cs /if ?></td><?cs /if ?></tr><?cs /each ?>
</tbody></table></div><?cs if:?hidden ?><div class="card-body sub"><?cs var:hidden ?></div><?cs /if ?>
<?cs else ?><div class="empty"><p class="empty-title">No API key yet</p><p class="empty-subtitle">A merchant's server calls the HTTP API with a key of its own. <?cs if:may_write ?>Make one for each program that calls, with no more rights than it needs.<?cs else ?>A person with the right to change settings can make one.<?cs /if ?></p></div><?cs /if ?>
</section>
<?cs if:may_write ?><section class="card" aria-labelledby="make-title"><div class="card-header"><h2 id="make-title">Make a key</h2></div><div class="card-body">
<?cs if:full ?><p>As many keys as a merchant may have can be used already. Revoke one first.</p><?cs else ?><form method="post" action="/settings/api-keys"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><input type="hidden" name="id" value="<?cs var:form.id ?>">
<label class="form-label required" for="name">Name</label>
<input class="form-control<?cs if:?form.errors.name ?> is-invalid" aria-invalid="true<?cs /if ?>" id="name" name="name" value="<?cs var:form.name ?>" maxlength="100" autocomplete="off" required aria-describedby="<?cs if:?form.errors.name ?>name-error <?cs /if ?>name-help"><?cs call:fault("name", form.errors.name) ?>
<div class="sub" id="name-help">Which program it is for: “web shop”.</div>
<fieldset<?cs if:?form.errors.scopes ?> aria-describedby="scopes-error"<?cs /if ?>><legend class="form-label required">It may</legend>
<?cs each:s = form.scopes ?><label class="form-check"><input class="form-check-input" type="checkbox" name="scope_<?cs var:s.name ?>" value="1"<?cs if:s.on ?> checked<?cs /if ?>> <span class="form-check-label"><b><?cs var:s.name ?></b> <span class="sub"><?cs var:s.help ?></span></span></label>
<?cs /each ?><?cs call:fault("scopes", form.errors.scopes) ?></fieldset>
<label class="form-label" for="days">Expires after so many days</label>
<input class="form-control n<?cs if:?form.errors.days ?> is-invalid" aria-invalid="true<?cs /if ?>" id="days" name="days" value="<?cs var:form.days ?>" maxlength="4" inputmode="numeric" autocomplete="off" placeholder="never" aria-describedby="<?cs if:?form.errors.days ?>days-error <?cs /if ?>days-help"><?cs call:fault("days", form.errors.days) ?>
<div class="sub" id="days-help">Empty: it never expires.</div>
<p><button class="btn btn-primary">Make the key</button></p>
<p class="sub">The key is shown once, on the next page. The desk keeps only its hash.</p></form><?cs /if ?>
</div></section></div><?cs /if ?>
<?cs include:"layout/foot.cs" ?>
