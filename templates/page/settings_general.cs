<?cs include:"layout/head.cs" ?>
<?cs def:fault(id, error) ?><?cs if:error ?><div class="invalid-feedback" id="<?cs var:id ?>-error"><?cs var:error ?></div><?cs /if ?><?cs /def ?>
<?cs def:amount(id, form, name, label, currency, n) ?><input class="form-control n<?cs if:?n.error ?> is-invalid" aria-invalid="true" aria-describedby="<?cs var:id ?>-error<?cs /if ?>" form="<?cs var:form ?>" name="<?cs var:name ?>" value="<?cs var:n.value ?>" inputmode="decimal" maxlength="20" autocomplete="off" aria-label="<?cs var:label ?> <?cs var:currency ?>"><?cs call:fault(id, n.error) ?><?cs /def ?>
<?cs call:notice(notice) ?>
<div class="settings">
<section class="card" aria-labelledby="general-title"><div class="card-header"><h2 id="general-title">General</h2></div>
<?cs if:may_write ?><form method="post" action="/settings/general"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><?cs /if ?>
<div class="card-body"><?cs if:!may_write ?><p class="sub">You may read these values. A person with the right to change settings sees buttons here.</p><?cs /if ?>
<?cs each:f = fields ?><?cs if:may_write ?><input type="hidden" name="shown_<?cs var:f.name ?>" value="<?cs var:f.shown ?>"><?cs /if ?><div class="setting"><div><?cs if:may_write ?><label for="<?cs var:f.name ?>"><?cs var:f.label ?></label><?cs else ?><strong><?cs var:f.label ?></strong><?cs /if ?><div class="sub" id="<?cs var:f.name ?>-help"><?cs var:f.help ?></div></div>
<div><?cs if:!may_write ?><?cs if:f.switch ?><?cs if:f.on ?>On<?cs else ?>Off<?cs /if ?><?cs else ?><?cs var:f.value ?> <?cs var:f.unit ?><?cs /if ?>
<?cs elif:f.switch ?><span class="form-switch"><input class="form-check-input" type="checkbox" role="switch" id="<?cs var:f.name ?>" name="<?cs var:f.name ?>" value="on"<?cs if:f.on ?> checked<?cs /if ?> aria-describedby="<?cs if:?f.error ?><?cs var:f.name ?>-error <?cs /if ?><?cs var:f.name ?>-help"></span><?cs call:fault(f.name, f.error) ?>
<?cs else ?><?cs if:?f.unit ?><div class="input-group"><?cs /if ?><input class="form-control<?cs if:f.number ?> n<?cs /if ?><?cs if:?f.error ?> is-invalid" aria-invalid="true<?cs /if ?>" id="<?cs var:f.name ?>" name="<?cs var:f.name ?>" value="<?cs var:f.value ?>"<?cs if:f.number ?> inputmode="numeric"<?cs /if ?> autocomplete="off" required aria-describedby="<?cs if:?f.error ?><?cs var:f.name ?>-error <?cs /if ?><?cs var:f.name ?>-help"><?cs if:?f.unit ?><span class="input-group-text"><?cs var:f.unit ?></span></div><?cs /if ?><?cs call:fault(f.name, f.error) ?>
<?cs /if ?></div></div>
<?cs /each ?></div>
<?cs if:may_write ?><div class="card-footer do"><a class="btn" href="/settings/general">Reset</a> <button class="btn btn-primary">Save</button></div></form><?cs /if ?>
</section>
<div>
<section class="card" aria-labelledby="sending-title"><div class="card-header"><h2 id="sending-title">Sending to gateways</h2></div><div class="card-body">
<?cs if:stopped ?><p>All sending is stopped by <strong><?cs var:stopped_by ?></strong>: <?cs var:stopped_why ?></p><?cs else ?><p>Refunds go to their gateways. One switch stops all of it, for an emergency; refunds then wait.</p><?cs /if ?>
<?cs if:may_write ?><form method="post" action="/settings/general/sending"><input type="hidden" name="csrf" value="<?cs var:csrf ?>">
<?cs if:stopped ?><button class="btn btn-primary" name="act" value="resume">Resume sending …</button>
<?cs else ?><label class="form-label required" for="why">Reason <span class="sub">(everybody sees it)</span></label>
<input class="form-control<?cs if:?why.error ?> is-invalid" aria-invalid="true<?cs /if ?>" id="why" name="why" value="<?cs var:why.value ?>" maxlength="500" autocomplete="off" required<?cs if:?why.error ?> aria-describedby="why-error"<?cs /if ?>><?cs call:fault("why", why.error) ?>
<button class="btn btn-danger" name="act" value="stop">Stop all sending …</button><?cs /if ?></form><?cs /if ?>
</div></section>
<section class="card" aria-labelledby="currencies-title"><div class="card-header"><h2 id="currencies-title">Amounts per currency</h2></div>
<div class="card-body"><p class="sub"><b>Smallest refund</b>: less than this is refused, and a refund that would leave less than this warns before. 1.00 INR is usual, in other currencies the smallest unit.<br><b>Typed from</b>: from this amount on the amount is typed once more to confirm a refund. Empty: never.</p></div>
<div class="table-responsive"><table class="amounts"><thead><tr><th scope="col">Currency</th><th scope="col" class="n">Smallest refund</th><th scope="col" class="n">Typed from</th><?cs if:may_write ?><th scope="col"><span class="visually-hidden">Save</span></th><?cs /if ?></tr></thead><tbody>
<?cs each:c = currencies ?><tr><th scope="row"><?cs var:c.currency ?></th><?cs if:may_write ?><td><?cs call:amount("minimum", c.currency, "minimum", "Smallest refund", c.currency, c.minimum) ?></td><td><?cs call:amount("confirm", c.currency, "confirm", "Typed from", c.currency, c.confirm) ?></td><td class="do"><form method="post" action="/settings/general/currency" id="<?cs var:c.currency ?>"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><input type="hidden" name="currency" value="<?cs var:c.currency ?>"><button class="btn btn-sm" aria-label="Save <?cs var:c.currency ?>">Save</button></form></td><?cs else ?><td class="n"><?cs var:c.minimum.value ?></td><td class="n"><?cs if:c.confirm.value ?><?cs var:c.confirm.value ?><?cs else ?>never<?cs /if ?></td><?cs /if ?></tr>
<?cs /each ?><?cs if:may_write ?><tr><td><input class="form-control code<?cs if:?add.currency.error ?> is-invalid" aria-invalid="true" aria-describedby="currency-error<?cs /if ?>" form="add" name="currency" value="<?cs var:add.currency.value ?>" maxlength="3" placeholder="USD" autocomplete="off" autocapitalize="characters" spellcheck="false" required aria-label="Another currency"><?cs call:fault("currency", add.currency.error) ?></td><td><?cs call:amount("minimum", "add", "minimum", "Smallest refund in", "the other currency", add.minimum) ?></td><td><?cs call:amount("confirm", "add", "confirm", "Typed from in", "the other currency", add.confirm) ?></td><td class="do"><form method="post" action="/settings/general/currency" id="add"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><button class="btn btn-sm" name="add" value="1">Add</button></form></td></tr><?cs /if ?>
</tbody></table></div></section>
</div></div>
<?cs include:"layout/foot.cs" ?>
