<?cs include:"layout/head.cs" ?>
<?cs call:notice(notice) ?>
<div id="live" data-news="<?cs var:news ?>"<?cs call:live(live) ?>>
<div class="split"><div>
<section class="card" aria-labelledby="delivery-title"><div class="card-body"><h2 class="visually-hidden" id="delivery-title">The delivery</h2>
<div class="big"><span class="amount"><?cs var:answer ?></span> <?cs call:badge(state) ?><?cs if:?resend ?><div class="do"><form method="post" action="<?cs var:resend ?>"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><button class="btn" id="resend">Resend</button></form></div><?cs /if ?></div>
<p class="truth"><span class="id"><?cs var:event ?></span> to <a class="address" href="<?cs var:back ?>"><?cs var:url ?></a><?cs if:test ?>, as a test<?cs elif:?order_href ?>, of order <a class="id" href="<?cs var:order_href ?>"><?cs var:order_id ?></a><?cs elif:?order_id ?>, of order <span class="id"><?cs var:order_id ?></span><?cs /if ?><?cs call:reload(live) ?></p>
<?cs if:?said ?><p><?cs var:said ?></p><?cs /if ?>
<?cs call:groups(groups) ?></div></section>
<section class="card"><div class="card-header"><h2 id="body-title">Body</h2></div><div class="card-body"><p class="sub">Laid out to be read; what is sent has no blanks between its members. Every attempt sends the same bytes.</p><pre tabindex="0" aria-labelledby="body-title"><?cs var:body ?></pre></div></section>
</div>
<aside class="card" aria-labelledby="attempts-title"><div class="card-header"><h2 id="attempts-title">Attempts (<?cs var:zone ?>)</h2></div><div class="card-body"><?cs if:?attempts.0.answer ?><ol class="timeline-list">
<?cs each:t = attempts ?><li><b title="<?cs var:t.at.age ?>"><?cs var:t.at.text ?></b> <?cs var:t.answer ?><div class="sub">attempt <?cs var:t.number ?></div><?cs if:?t.said ?><details><summary>What it said</summary><pre><?cs var:t.said ?></pre></details><?cs /if ?></li>
<?cs /each ?></ol><?cs else ?><p class="sub">Not tried yet.</p><?cs /if ?></div></aside>
</div></div>
<p class="visually-hidden" id="news" role="status"></p>
<?cs include:"layout/foot.cs" ?>
