<?cs include:"layout/head.cs" ?>
<?cs def:fault(id, error) ?><?cs if:error ?><div class="invalid-feedback" id="<?cs var:id ?>-error"><?cs var:error ?></div><?cs /if ?><?cs /def ?>
<?cs def:cell(n, label, of, mode, places, none) ?><input type="hidden" name="shown_<?cs var:n.name ?>" value="<?cs var:n.shown ?>"><input class="form-control n<?cs if:?n.error ?> is-invalid" aria-invalid="true" aria-describedby="<?cs var:n.name ?>-error<?cs /if ?>" name="<?cs var:n.name ?>" value="<?cs var:n.value ?>" inputmode="<?cs var:mode ?>" maxlength="<?cs var:places ?>" placeholder="<?cs var:none ?>" autocomplete="off" aria-label="<?cs var:label ?> <?cs var:of ?>"><?cs call:fault(n.name, n.error) ?><?cs /def ?>
<?cs call:notice(notice) ?>
<div class="settings">
<section class="card" aria-labelledby="conflict-title"><div class="card-header"><h2 id="conflict-title">Conflict</h2></div>
<?cs if:may_write ?><form method="post" action="/settings/conflict" id="conflict"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><?cs /if ?>
<div class="card-body"><?cs if:!may_write ?><p class="sub">You may read these values. A person with the right to change settings sees buttons here.</p><?cs /if ?>
<?cs each:f = fields ?><?cs if:may_write ?><input type="hidden" name="shown_<?cs var:f.name ?>" value="<?cs var:f.shown ?>"><div class="setting<?cs if:f.emails ?> emails<?cs /if ?>"><div><label<?cs if:f.emails ?> class="form-label required"<?cs /if ?> for="<?cs var:f.name ?>"><?cs var:f.label ?></label><div class="sub" id="<?cs var:f.name ?>-help"><?cs var:f.help ?></div></div>
<div><?cs if:f.switch ?><span class="form-switch"><input class="form-check-input" type="checkbox" role="switch" id="<?cs var:f.name ?>" name="<?cs var:f.name ?>" value="on"<?cs if:f.on ?> checked<?cs /if ?> aria-describedby="<?cs if:?f.error ?><?cs var:f.name ?>-error <?cs /if ?><?cs var:f.name ?>-help"></span><?cs else ?><input class="form-control<?cs if:!f.emails ?> n<?cs /if ?><?cs if:?f.error ?> is-invalid" aria-invalid="true<?cs /if ?>" id="<?cs var:f.name ?>" name="<?cs var:f.name ?>" value="<?cs var:f.value ?>" inputmode="<?cs if:f.emails ?>email" spellcheck="false" placeholder="ops@example.in, finance@example.in<?cs else ?>numeric" maxlength="9" required="<?cs /if ?>" autocomplete="off" aria-describedby="<?cs if:?f.error ?><?cs var:f.name ?>-error <?cs /if ?><?cs var:f.name ?>-help"><?cs /if ?><?cs call:fault(f.name, f.error) ?></div></div>
<?cs elif:!f.unused ?><div class="setting"><div><strong><?cs var:f.label ?></strong><div class="sub"><?cs var:f.help ?></div></div><div><?cs if:f.switch ?><?cs if:f.on ?>On<?cs else ?>Off<?cs /if ?><?cs else ?><?cs var:f.value ?><?cs /if ?></div></div>
<?cs /if ?><?cs /each ?></div>
<div class="card-body rows-card"><h3 id="gateways-title">Another threshold per gateway</h3>
<p class="sub">Minutes, where a gateway is slower or faster than the rest. Empty: the threshold above.</p>
<?cs if:?gateways.0.gateway ?><table class="amounts" aria-labelledby="gateways-title"><thead><tr><th scope="col">Gateway</th><th scope="col" class="n">Threshold in Mins</th></tr></thead><tbody>
<?cs each:g = gateways ?><tr><th scope="row"><?cs var:g.gateway ?></th><?cs if:may_write ?><td><input type="hidden" name="<?cs var:g.key ?>" value="<?cs var:g.gateway ?>"><?cs call:cell(g, "Threshold in Mins of", g.gateway, "numeric", "9", "as above") ?></td><?cs else ?><td class="n"><?cs if:g.value ?><?cs var:g.value ?><?cs else ?>as above<?cs /if ?></td><?cs /if ?></tr>
<?cs /each ?></tbody></table><?cs else ?><p class="sub">No gateway is known yet.</p><?cs /if ?>
<h3 id="ceilings-title">Daily ceiling</h3>
<p class="sub">Above it auto refunds wait for a person; counted over any 24 hours. Empty: no ceiling.</p>
<table class="amounts" aria-labelledby="ceilings-title"><thead><tr><th scope="col">Currency</th><th scope="col" class="n">At most in 24 hours</th></tr></thead><tbody>
<?cs each:c = ceilings ?><?cs if:c.known ?><tr><th scope="row"><?cs var:c.currency ?></th><?cs if:may_write ?><td><input type="hidden" name="<?cs var:c.key ?>" value="<?cs var:c.currency ?>"><?cs call:cell(c, "Daily ceiling of", c.currency, "decimal", "20", "none") ?></td><?cs else ?><td class="n"><?cs if:c.value ?><?cs var:c.value ?><?cs else ?>none<?cs /if ?></td><?cs /if ?></tr>
<?cs elif:may_write ?><tr><td><input class="form-control code<?cs if:?c.code_error ?> is-invalid" aria-invalid="true" aria-describedby="<?cs var:c.key ?>-error<?cs /if ?>" name="<?cs var:c.key ?>" value="<?cs var:c.currency ?>" maxlength="3" placeholder="USD" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-label="Another currency"><?cs call:fault(c.key, c.code_error) ?></td><td><?cs call:cell(c, "Daily ceiling of", "the other currency", "decimal", "20", "none") ?></td></tr>
<?cs /if ?><?cs /each ?></tbody></table></div>
<?cs if:may_write ?><div class="card-footer do"><a class="btn" href="/settings/conflict">Reset</a> <button class="btn btn-primary">Save</button></div></form><?cs /if ?>
</section>
<div>
<?cs if:may_write ?><section class="card" aria-labelledby="would-title"><div class="card-header"><h2 id="would-title">With these values, the last 30 days</h2></div>
<div class="card-body"><p id="would-said" role="status"><?cs if:?would.said ?><strong><?cs var:would.said ?></strong><?cs elif:?faults.0.text ?>These values cannot be judged.<?cs else ?>Before you save: which payments of the last 30 days these values would have refunded.<?cs /if ?></p>
<button class="btn" form="conflict" id="preview" name="step" value="preview" hx-post="/settings/conflict" hx-target="#would" hx-select="#would" hx-select-oob="#would-said:innerHTML" hx-swap="outerHTML" hx-sync="this:drop">What would have happened</button></div>
<div id="would"><?cs if:?faults.0.text ?><ul class="card-body faults"><?cs each:f = faults ?><li><?cs var:f.text ?></li><?cs /each ?></ul><?cs /if ?>
<?cs if:?would.totals.0.currency ?><table class="amounts sums-table"><thead><tr><th scope="col">Currency</th><th scope="col" class="n">Conflicted</th><th scope="col" class="n">Charged beside another</th></tr></thead><tbody>
<?cs each:t = would.totals ?><tr><th scope="row"><?cs var:t.currency ?></th><td class="n"><?cs var:t.conflicted ?></td><td class="n"><?cs var:t.multiple ?></td></tr>
<?cs /each ?></tbody></table><?cs /if ?>
<?cs if:?would.notes.0.text ?><div class="card-body"><?cs each:n = would.notes ?><p class="sub"><?cs var:n.text ?></p><?cs /each ?></div><?cs /if ?>
<?cs if:?would.rows.0.order_id ?><table class="would"><thead><tr><th scope="col">Order and why (<?cs var:zone ?>)</th><th scope="col" class="n">Amount</th></tr></thead><tbody>
<?cs each:r = would.rows ?><tr><td><a class="id" href="<?cs var:r.href ?>"><?cs var:r.order_id ?></a><div><?cs var:r.why ?></div><div class="sub"><?cs call:when(r.at) ?> · <?cs var:r.gateway ?> · <?cs var:r.txn_id ?></div></td><td class="n"><?cs var:r.amount ?></td></tr>
<?cs /each ?></tbody></table><?cs /if ?></div></section>
<?cs /if ?><?cs if:?awaiting ?><section class="card" aria-labelledby="awaiting-title"><div class="card-header"><h2 id="awaiting-title">Above the ceiling</h2></div><div class="card-body"><p><a href="/refunds?tab=awaiting&amp;by=AUTO_REFUNDED"><?cs var:awaiting ?> for approval</a></p></div></section>
<?cs /if ?><section class="card" aria-labelledby="refused-title"><div class="card-header"><h2 id="refused-title">Auto refunds that were refused</h2></div>
<?cs if:?refused.0.order_id ?><div class="card-body sub">The desk's own rules were against them; nothing was sent, and somebody has to look at them.<?cs if:?refused_cut ?> <?cs var:refused_cut ?><?cs /if ?></div><table class="would"><tbody>
<?cs each:r = refused ?><tr><td><a class="id" href="<?cs var:r.href ?>"><?cs var:r.order_id ?></a><div><?cs var:r.said ?></div><div class="sub"><?cs call:when(r.at) ?> · <?cs var:r.txn_id ?> · <?cs var:r.why ?></div></td></tr>
<?cs /each ?></tbody></table><?cs else ?><div class="card-body sub">None: every auto refund that was due was made.</div><?cs /if ?></section>
</div></div>
<?cs include:"layout/foot.cs" ?>
