<?cs include:"layout/head.cs" ?><?cs include:"parts/split.cs" ?><?cs include:"parts/refund_rows.cs" ?>
<?cs call:notice(notice) ?>
<div id="live" data-news="<?cs var:news ?>"<?cs call:live(live) ?>>
<?cs call:flags(flags) ?>
<div class="split"><div>
<section class="card" aria-labelledby="facts-title"><div class="card-body"><h2 class="visually-hidden" id="facts-title">Facts</h2>
<div class="big"><span class="amount"><?cs var:amount ?></span> <?cs call:badge(status) ?><?cs if:may_create ?><div class="do"><?cs if:?create ?><a class="btn btn-primary" id="create" data-popup href="<?cs var:create ?>">Create Refund</a><?cs else ?><button class="btn" disabled aria-describedby="why-not">Create Refund</button><div class="sub" id="why-not"><?cs var:why_not ?></div><?cs if:?payout ?><a class="btn" id="payout" href="<?cs var:payout ?>">Pay out to another account</a><?cs /if ?><?cs /if ?></div><?cs /if ?></div>
<?cs if:?equation.charged ?><?cs call:equation(equation) ?><?cs /if ?>
<?cs call:groups(groups) ?>
</div></section>
<?cs if:?parts.0.party ?><section class="card"><div class="card-header"><h2>Split settlement</h2></div><?cs call:split_order(parts) ?></section>
<?cs /if ?><section class="card"><div class="card-header"><h2 id="refunds-title">Refunds</h2><span class="sub"><?cs call:reload(live) ?></span></div>
<?cs if:?rows.0.id ?><div class="table-responsive" role="region" aria-labelledby="refunds-title" tabindex="0"><table class="table table-vcenter card-table">
<?cs call:refund_head(zone, "") ?>
<?cs call:refund_rows(rows, "") ?></table></div><?cs else ?><div class="card-body sub">Nothing of this order was refunded yet.</div><?cs /if ?></section>
<section class="card"><div class="card-header"><h2 id="txns-title">Transactions</h2></div>
<?cs if:?txns.0.id ?><div class="table-responsive" role="region" aria-labelledby="txns-title" tabindex="0"><table class="table table-vcenter card-table txn">
<thead><tr><th scope="col">Started (<?cs var:zone ?>)</th><th scope="col">Transaction</th><th scope="col" class="n">Amount</th><th scope="col">Status</th><th scope="col" class="n">Refundable</th><th scope="col"><span class="visually-hidden">Action</span></th></tr></thead>
<tbody><?cs each:t = txns ?>
<tr><td class="sub"><?cs call:when(t.at) ?></td><td><span class="id"><?cs var:t.id ?></span><div class="sub"><?cs var:t.paid_with ?><?cs if:?t.payment_id ?> · <?cs var:t.payment_id ?><?cs /if ?></div></td><td class="n"><?cs var:t.amount ?></td><td><?cs call:badge(t.status) ?><?cs if:?t.said ?><div class="sub"><?cs var:t.said ?></div><?cs /if ?></td><td class="n"><?cs var:t.left ?></td><td class="do"><?cs if:?t.create ?><a class="btn btn-sm" data-popup href="<?cs var:t.create ?>">Create Refund</a><?cs /if ?></td></tr><?cs /each ?>
</tbody></table></div>
<div class="card-body txns"><?cs each:t = txns ?><details<?cs if:t.alone ?> open<?cs /if ?>><summary>All of <span class="id"><?cs var:t.id ?></span></summary>
<?cs if:?t.equation.charged ?><?cs call:equation(t.equation) ?><?cs /if ?><?cs call:groups(t.groups) ?></details>
<?cs /each ?></div><?cs else ?><div class="card-body sub">No payment was tried for this order yet.</div><?cs /if ?></section>
</div>
<aside class="card" aria-labelledby="history-title"><div class="card-header"><h2 id="history-title">History (<?cs var:zone ?>)</h2></div><div class="card-body"><?cs call:timeline(events) ?></div></aside>
</div></div>
<p class="visually-hidden" id="news" role="status"></p>
<?cs include:"layout/foot.cs" ?>
