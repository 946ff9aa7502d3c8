<?cs def:badge(b) ?><span class="badge bg-<?cs var:b.color ?>-lt"><?cs var:b.word ?></span><?cs /def ?>
<?cs def:when(t) ?><span title="<?cs var:t.age ?>"><?cs var:t.text ?></span><?cs /def ?>
<?cs def:equation(q) ?><dl class="equation">
<div><dt>Charged</dt><dd><?cs var:q.charged ?></dd></div>
<div><dt>Refunded</dt><dd><?cs var:q.refunded ?></dd></div>
<div><dt>Pending</dt><dd><?cs var:q.pending ?></dd></div>
<div><dt>Refundable</dt><dd class="left"><?cs var:q.left ?></dd></div>
</dl><?cs /def ?>
<?cs def:timeline(items) ?><?cs if:!?items.0.text ?><p class="sub">Nothing happened yet.</p><?cs /if ?><ol class="timeline-list">
<?cs each:i = items ?><li><b title="<?cs var:i.at.age ?>"><?cs var:i.at.text ?></b> <?cs var:i.text ?><?cs if:?i.sub ?><div class="sub"><?cs var:i.sub ?></div><?cs /if ?><?cs if:?i.words ?><details><summary>What the gateway said</summary><pre><?cs var:i.words ?></pre></details><?cs /if ?></li>
<?cs /each ?></ol><?cs /def ?>
<?cs def:fact_of(f) ?><div><dt><?cs var:f.label ?></dt><dd<?cs if:f.id ?> class="id"<?cs /if ?><?cs if:?f.age ?> title="<?cs var:f.age ?>"<?cs /if ?>><?cs var:f.value ?></dd></div>
<?cs /def ?>
<?cs def:groups(items) ?><?cs each:g = items ?><?cs if:?g.title ?><h3><?cs var:g.title ?></h3><?cs /if ?><dl class="facts"><?cs each:f = g.facts ?><?cs call:fact_of(f) ?><?cs /each ?></dl><?cs /each ?><?cs /def ?>
<?cs def:live(l) ?><?cs if:?l.href ?> hx-get="<?cs var:l.href ?>" hx-trigger="<?cs var:l.every ?>" hx-select="#live" hx-swap="outerHTML"<?cs /if ?><?cs /def ?>
<?cs def:reload(l) ?><?cs if:?l.href ?><noscript> · <a href="<?cs var:l.reload ?>">Reload</a></noscript><?cs /if ?><?cs /def ?>
<?cs def:notice(n) ?><?cs if:?n.text ?><div class="alert alert-<?cs var:n.color ?>" role="<?cs if:n.urgent ?>alert<?cs else ?>status<?cs /if ?>"><div><strong><?cs var:n.title ?></strong> <?cs var:n.text ?><?cs if:?n.code ?> <code><?cs var:n.code ?></code><?cs /if ?><?cs if:?n.href ?> <a href="<?cs var:n.href ?>"><?cs var:n.link ?></a><?cs /if ?></div></div><?cs /if ?><?cs /def ?>
<?cs def:flags(items) ?><?cs each:f = items ?><?cs call:notice(f) ?><?cs /each ?><?cs /def ?>
<?cs def:empty(e) ?><div class="empty"><p class="empty-title"><?cs var:e.title ?></p><p class="empty-subtitle"><?cs var:e.text ?></p><?cs if:?e.href ?><p><a class="btn" href="<?cs var:e.href ?>"><?cs var:e.action ?></a></p><?cs /if ?></div><?cs /def ?>
<?cs def:field_error(f) ?><?cs if:?f.text ?><div class="invalid-feedback" id="<?cs var:f.id ?>"><?cs var:f.text ?> <code><?cs var:f.code ?></code></div><?cs /if ?><?cs /def ?>
