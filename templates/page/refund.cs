<?cs include:"layout/head.cs" ?><?cs include:"parts/split.cs" ?><?cs include:"parts/refund_rows.cs" ?>
<?cs call:notice(notice) ?>
<div id="live" data-news="<?cs var:news ?>"<?cs call:live(live) ?>>
<?cs call:flags(flags) ?>
<div class="split"><div>
<section class="card" aria-labelledby="facts-title"><div class="card-body"><h2 class="visually-hidden" id="facts-title">Facts</h2>
<div class="big"><span class="amount"><?cs var:amount ?></span> <?cs call:badge(status) ?><?cs if:?cancel || ?approve ?><div class="do acts"><?cs if:?approve ?><form method="post" action="<?cs var:approve ?>"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><button class="btn btn-primary" id="approve">Approve refund</button></form><a class="btn" id="reject" data-popup href="<?cs var:reject ?>">Reject …</a><?cs /if ?><?cs if:?cancel ?><form method="post" action="<?cs var:cancel ?>"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><input type="hidden" name="from" value="refund"><button class="btn" id="cancel">Cancel refund</button></form><?cs /if ?></div><?cs elif:?retry ?><div class="do"><a class="btn btn-primary" id="retry" data-popup href="<?cs var:retry ?>">Retry</a></div><?cs /if ?></div>
<?cs call:notice(failure) ?><?cs if:?advice.text ?><div id="now"><?cs call:notice(advice) ?></div><?cs /if ?>
<?cs if:?truth ?><p class="truth"><?cs var:truth ?><?cs call:reload(live) ?></p><?cs /if ?>
<?cs if:?next ?><p class="sub"><?cs var:next ?></p><?cs /if ?>
<?cs if:?batch.href ?><p>From the batch <a href="<?cs var:batch.href ?>"><?cs var:batch.file_name ?></a>, row <?cs var:batch.row ?> (line <?cs var:batch.line ?>)</p><?cs /if ?>
<?cs call:groups(groups) ?>
<?cs if:?words ?><details><summary>What the gateway said last, word for word</summary><pre><?cs var:words ?></pre></details><?cs /if ?>
</div></section>
<?cs if:?parts.0.party ?><section class="card"><div class="card-header"><h2>Split settlement</h2></div><?cs call:split_refund(parts, status) ?></section>
<?cs /if ?><section class="card"><div class="card-header"><h2 id="order-title">Refunds of order <a class="id" href="<?cs var:order.href ?>"><?cs var:order.order_id ?></a></h2></div><div class="card-body">
<?cs if:?equation.charged ?><?cs call:equation(equation) ?><?cs /if ?>
</div>
<div class="table-responsive" role="region" aria-labelledby="order-title" tabindex="0"><table class="table table-vcenter card-table">
<?cs call:refund_head(zone, "") ?>
<?cs call:refund_rows(rows, "") ?></table></div></section>
</div>
<aside class="card" aria-labelledby="history-title"><div class="card-header"><h2 id="history-title">History (<?cs var:zone ?>)</h2></div><div class="card-body"><?cs call:timeline(events) ?></div></aside>
</div></div>
<p class="visually-hidden" id="news" role="status"></p>
<?cs include:"layout/foot.cs" ?>
