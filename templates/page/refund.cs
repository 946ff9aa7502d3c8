<?cs include:"layout/head.cs" ?>
<?cs call:notice(notice) ?>
<div class="split"><div>
<section class="card"><div class="card-body">
<div class="big"><span class="amount"><?cs var:amount ?></span> <?cs call:badge(status) ?><?cs if:?cancel ?><div class="do"><form method="post" action="<?cs var:cancel ?>"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><input type="hidden" name="from" value="refund"><button class="btn">Cancel refund</button></form></div><?cs /if ?></div>
<?cs if:?truth ?><p><?cs var:truth ?></p><?cs /if ?>
<?cs call:facts(facts) ?>
<?cs if:?words ?><details><summary>What the gateway said last, word for word</summary><pre><?cs var:words ?></pre></details><?cs /if ?>
</div></section>
<section class="card"><div class="card-header"><h2 id="order-title">Order <a class="id" href="<?cs var:order.href ?>"><?cs var:order.order_id ?></a></h2></div><div class="card-body">
<?cs if:?equation.charged ?><?cs call:equation(equation) ?><?cs /if ?>
</div></section>
</div>
<aside class="card" aria-labelledby="history-title"><div class="card-header"><h2 id="history-title">History (<?cs var:zone ?>)</h2></div><div class="card-body"><?cs call:timeline(events) ?></div></aside>
</div>
<?cs include:"layout/foot.cs" ?>
