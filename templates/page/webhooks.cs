<?cs include:"layout/head.cs" ?>
<?cs call:notice(notice) ?>
<section class="card endpoints"><div class="card-header"><h2 id="endpoints-title">Endpoints</h2><?cs if:may_write ?><div class="card-actions"><?cs if:full ?><span class="sub">As many as a merchant may have: delete one first.</span><?cs else ?><a class="btn btn-primary" href="/settings/webhooks/new">New endpoint</a><?cs /if ?></div><?cs /if ?></div>
<?cs if:?rows.0.url ?><div class="table-responsive" role="region" aria-labelledby="endpoints-title" tabindex="0"><table class="table table-vcenter card-table">
<thead><tr><th scope="col">Address</th><th scope="col">State</th><th scope="col">Last delivery</th><th scope="col">On its way</th></tr></thead>
<tbody><?cs each:r = rows ?>
<tr><td class="cut"><a class="address" href="<?cs var:r.href ?>"><?cs var:r.url ?></a><div class="sub"><?cs var:r.events ?></div></td><td><?cs call:badge(r.state) ?><?cs if:?r.state.sub ?><div class="sub"><?cs var:r.state.sub ?></div><?cs /if ?></td><td><?cs if:?r.last ?><?cs var:r.last ?><div class="sub"><?cs var:r.ago ?></div><?cs else ?><span class="sub">none yet</span><?cs /if ?></td><td><?cs if:?r.waiting ?><?cs var:r.waiting ?> waiting<?cs if:?r.retried ?><div class="sub"><?cs var:r.retried ?> of them failed before</div><?cs /if ?><?cs else ?><span class="sub">nothing waits</span><?cs /if ?></td></tr><?cs /each ?>
</tbody></table></div>
<?cs else ?><div class="empty"><p class="empty-title">No endpoint yet</p><p class="empty-subtitle">An endpoint is an address of your own server. The desk tells it of each change when it happens, as a signed HTTPS request: an order was paid, a refund succeeded, a refund failed. What cannot be delivered is tried again for 24 hours. <?cs if:may_write ?>First step: write the address and choose the events.<?cs else ?>A person with the right to change settings can make one.<?cs /if ?></p><?cs if:may_write ?><p><a class="btn" href="/settings/webhooks/new">Make the first endpoint</a></p><?cs /if ?></div><?cs /if ?>
</section>
<p class="sub">What is sent, how it is signed and when it is tried again: <a href="/api-docs/webhooks-out">API · Webhooks out</a>.</p>
<?cs include:"layout/foot.cs" ?>
