<?cs include:"layout/head.cs" ?>
<?cs call:notice(found) ?>
<?cs if:?empty.title ?><div class="card"><?cs call:empty(empty) ?></div><?cs else ?>
<div class="card">
<div class="table-responsive" role="region" aria-label="Orders" tabindex="0"><table class="table table-vcenter card-table">
<thead><tr><th scope="col" aria-sort="descending">Created (<?cs var:zone ?>)</th><th scope="col">Order</th><th scope="col">Customer</th><th scope="col" class="n">Amount</th><th scope="col">Status</th><th scope="col" class="n">Refunded</th><th scope="col">Paid with</th><th scope="col"><span class="visually-hidden">Action</span></th></tr></thead>
<tbody><?cs each:r = rows ?>
<tr><td class="sub" title="<?cs var:r.at.age ?>"><?cs var:r.at.text ?></td><td class="id"><a href="<?cs var:r.href ?>"><?cs var:r.order_id ?></a></td><td class="cut"><?cs var:r.customer ?></td><td class="n"><?cs var:r.amount ?></td><td><?cs call:badge(r.status) ?></td><td class="n"><?cs var:r.refunded ?></td><td class="sub"><?cs var:r.paid_with ?></td><td class="do"><?cs if:r.create ?><a class="btn btn-sm" data-popup href="<?cs var:r.href ?>/refund">Create Refund</a><?cs else ?><small title="<?cs var:r.why_not.long ?>"><?cs var:r.why_not.short ?></small><?cs /if ?></td></tr><?cs /each ?>
</tbody></table></div>
<?cs call:pager(pager) ?></div><?cs /if ?>
<?cs include:"layout/foot.cs" ?>
