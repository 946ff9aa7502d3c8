<?cs include:"layout/head.cs" ?>
<?cs def:hidden_csrf() ?><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><?cs /def ?>
<?cs def:act(path, label, class) ?><form method="post" action="<?cs var:own ?>/<?cs var:path ?>"><?cs call:hidden_csrf() ?><button class="btn <?cs var:class ?>"><?cs var:label ?></button></form><?cs /def ?>
<?cs call:notice(notice) ?>
<div class="split"><div>
<section class="card" aria-labelledby="what-title"><div class="card-body"><h2 class="visually-hidden" id="what-title">The endpoint</h2>
<div class="big"><span class="address"><?cs var:url ?></span> <?cs call:badge(state) ?><?cs if:may_write ?><div class="do acts">
<?cs if:can_resume ?><?cs call:act("resume", "Resume", "btn-primary") ?><?cs /if ?><?cs if:can_pause ?><?cs call:act("pause", "Pause", "") ?><?cs /if ?>
<a class="btn<?cs if:is_disabled ?> btn-primary<?cs /if ?>" href="<?cs var:own ?>/edit"><?cs if:is_disabled ?>Enable …<?cs else ?>Change<?cs /if ?></a>
<?cs if:can_disable ?><?cs call:act("disable", "Disable …", "") ?><?cs /if ?><?cs if:can_delete ?><?cs call:act("delete", "Delete …", "") ?><?cs /if ?></div><?cs /if ?></div>
<?cs if:?state.sub ?><p class="truth"><?cs var:state.sub ?></p><?cs /if ?>
<?cs call:groups(groups) ?>
<details open><summary><?cs if:is_disabled ?>Events it hears of once it is enabled<?cs else ?>Events it hears of<?cs /if ?></summary><ul class="event-list"><?cs each:v = events ?><li><span class="id"><?cs var:v.name ?></span> <span class="sub"><?cs var:v.means ?></span></li><?cs /each ?></ul></details>
</div></section></div>
<aside aria-label="Test and secret"><?cs if:may_write ?>
<section class="card"><div class="card-header"><h2 id="test-title">Test event</h2></div><div class="card-body"><?cs if:can_test ?><form method="post" action="<?cs var:own ?>/test"><?cs call:hidden_csrf() ?><input type="hidden" name="once" value="<?cs var:once ?>"><label class="form-label" for="event">Event</label><div class="one-line"><select class="form-select" id="event" name="event"><?cs each:v = choices ?><option><?cs var:v.name ?></option><?cs /each ?></select><button class="btn">Send test</button></div></form><p class="sub">Your newest order stands in it, and <code>"test": true</code>. It goes here alone, as real ones do.</p><?cs else ?><p>Only an active endpoint is sent test events. <?cs if:is_disabled ?>Enable<?cs else ?>Resume<?cs /if ?> it first.</p><?cs /if ?></div></section>
<?cs /if ?><section class="card"><div class="card-header"><h2 id="secret-title">Signing secret</h2></div><div class="card-body"><p>Set<?cs if:?old_until ?>; the one before signs along until <strong><?cs var:old_until ?></strong><?cs /if ?>.</p>
<?cs if:may_write ?><form method="post" action="<?cs var:own ?>/rotate"><?cs call:hidden_csrf() ?><input type="hidden" name="seen" value="<?cs var:seen ?>"><label class="form-label" for="old">The present one signs along</label><div class="one-line"><select class="form-select" id="old" name="old"><option value="24h">24 hours more</option><option value="1h">1 hour more</option><option value="now">no longer</option></select><button class="btn">Rotate …</button></div></form><?cs /if ?></div></section></aside></div>
<div id="live" data-news="<?cs var:waiting ?>"<?cs call:live(live) ?>>
<section class="card" id="log"><h2 class="visually-hidden" id="log-title">Deliveries</h2><nav class="card-header" aria-label="Deliveries by state"><ul class="nav nav-tabs card-header-tabs"><?cs each:t = tabs ?><li class="nav-item"><a class="nav-link<?cs if:t.current ?> active" aria-current="page<?cs /if ?>" href="<?cs var:t.href ?>"><?cs var:t.label ?></a></li><?cs /each ?></ul></nav>
<?cs if:?waiting ?><p class="card-body log-note"><?cs var:waiting ?><?cs call:reload(live) ?></p><?cs /if ?>
<?cs if:?rows.0.event ?><div class="table-responsive" role="region" aria-labelledby="log-title" tabindex="0"><table class="table table-vcenter card-table deliveries">
<thead><tr><th scope="col">Made (<?cs var:zone ?>)</th><th scope="col">Event</th><th scope="col">Order</th><th scope="col">Status</th><th scope="col">Last answer</th><th scope="col" class="n">Attempts</th><th scope="col">Next try</th><?cs if:can_resend ?><th scope="col"><span class="visually-hidden">Action</span></th><?cs /if ?></tr></thead>
<tbody><?cs each:d = rows ?>
<tr><td><?cs call:when(d.at) ?></td><td><a class="id event" href="<?cs var:d.href ?>"><?cs var:d.event ?></a></td><td class="id"><?cs if:d.test ?>test<?cs else ?><?cs var:d.order_id ?><?cs /if ?></td><td><?cs call:badge(d.state) ?></td><td class="answer"><?cs var:d.answer ?></td><td class="n tries"><?cs var:d.attempts ?></td><td class="next"><?cs var:d.next ?></td><?cs if:can_resend ?><td class="do"><?cs if:?d.resend ?><form class="inline" method="post" action="<?cs var:d.resend ?>"><?cs call:hidden_csrf() ?><button class="btn btn-sm" aria-label="Resend <?cs var:d.event ?> <?cs var:d.order_id ?> of <?cs var:d.at.text ?>">Resend</button></form><?cs /if ?></td><?cs /if ?></tr><?cs /each ?>
</tbody></table></div>
<?cs if:?first || ?older ?><nav class="card-footer pager" aria-label="Pages"><?cs if:?first ?><a class="btn btn-sm" href="<?cs var:first ?>">← Newest</a><?cs /if ?><?cs if:?older ?><a class="btn btn-sm" rel="next" href="<?cs var:older ?>">Older →</a><?cs /if ?></nav><?cs /if ?>
<?cs elif:filtered ?><div class="empty"><p class="empty-title">No such deliveries</p><p class="empty-subtitle">Nothing on its way here is under this tab.</p></div>
<?cs else ?><div class="empty"><p class="empty-title">Nothing was sent yet</p><p class="empty-subtitle">The next event that this endpoint wants stands here, with every attempt. A test event shows whether it is reached.</p></div><?cs /if ?></section></div>
<?cs if:can_resend && ?rows.0.event ?><section class="card"><div class="card-body"><form class="range" method="post" action="<?cs var:own ?>/resend"><?cs call:hidden_csrf() ?><strong>Resend what failed</strong><label>From <input class="form-control" type="date" name="from" value="<?cs var:today ?>" required></label><label>to <input class="form-control" type="date" name="to" value="<?cs var:today ?>" required></label><button class="btn">Resend failed …</button><span class="sub">Days in <?cs var:zone ?>; the next page says how many.</span></form></div></section><?cs /if ?>
<p class="visually-hidden" id="news" role="status"></p>
<?cs include:"layout/foot.cs" ?>
