<?cs include:"layout/head.cs" ?><?cs include:"parts/list.cs" ?>
<?cs call:notice(found) ?>
<div class="card" id="list">
<?cs if:?tabs.0.label ?><?cs call:list_tabs(tabs, "Orders by status") ?><?cs call:list_bar() ?><?cs /if ?>
<?cs if:?empty.title ?><?cs call:empty(empty) ?><?cs else ?>
<div class="table-responsive" role="region" aria-label="Orders" tabindex="0"><table class="table table-vcenter card-table">
<thead><tr><?cs if:?sort.created.href ?><th scope="col" aria-sort="<?cs var:sort.created.aria ?>"><a href="<?cs var:sort.created.href ?>">Created (<?cs var:zone ?>) <span aria-hidden="true"><?cs var:sort.created.arrow ?></span></a></th><?cs else ?><th scope="col">Created (<?cs var:zone ?>)</th><?cs /if ?><th scope="col">Order</th><th scope="col">Customer</th><?cs if:?sort.amount.href ?><?cs call:sort_head(sort.amount, "Amount", "n") ?><?cs else ?><th scope="col" class="n">Amount</th><?cs /if ?><th scope="col">Status</th><th scope="col" class="n">Refunded</th><th scope="col">Paid with</th><th scope="col"><span class="visually-hidden">Action</span></th></tr></thead>
<tbody><?cs each:r = rows ?>
<tr><td class="sub" title="<?cs var:r.at.age ?>"><?cs var:r.at.text ?></td><td class="id"><a href="<?cs var:r.href ?>"><?cs var:r.order_id ?></a></td><td class="cut"<?cs if:?r.customer_whole ?> title="<?cs var:r.customer_whole ?>"<?cs /if ?>><?cs var:r.customer ?></td><td class="n"><?cs var:r.amount ?></td><td><?cs call:badge(r.status) ?><?cs if:?r.said ?><br><small><?cs var:r.said ?></small><?cs /if ?></td><td class="n<?cs if:r.untouched ?> z<?cs /if ?>"><?cs var:r.refunded ?></td><td class="sub"<?cs if:?r.paid_whole ?> title="<?cs var:r.paid_whole ?>"<?cs /if ?>><?cs var:r.paid_with ?></td><td class="do"><?cs if:r.create ?><a class="btn btn-sm" data-popup href="<?cs var:r.href ?>/refund">Create Refund</a><?cs else ?><small title="<?cs var:r.why_not.long ?>"><?cs var:r.why_not.short ?></small><?cs /if ?></td></tr><?cs /each ?>
</tbody></table></div>
<?cs if:?sizes.0.rows ?><?cs call:list_foot() ?><?cs /if ?><?cs /if ?></div>
<?cs include:"layout/foot.cs" ?>
