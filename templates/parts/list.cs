<?cs def:list_tabs(tabs, label) ?><nav class="card-header" aria-label="<?cs var:label ?>"><ul class="nav nav-tabs card-header-tabs">
<?cs each:t = tabs ?><li class="nav-item"><a class="nav-link<?cs if:t.current ?> active" aria-current="page<?cs /if ?>" href="<?cs var:t.href ?>"><?cs var:t.label ?> <span class="count" id="count-<?cs var:t.key ?>"></span></a></li>
<?cs /each ?></ul></nav><?cs /def ?>
<?cs def:list_options(options) ?><?cs each:o = options ?><option value="<?cs var:o.value ?>"<?cs if:o.selected ?> selected<?cs /if ?>><?cs var:o.label ?></option><?cs /each ?><?cs /def ?>
<?cs def:list_bar() ?><div class="bar">
<div class="chips"><?cs each:c = chips ?><a class="chip" href="<?cs var:c.href ?>" aria-label="<?cs var:c.label ?>"><?cs var:c.text ?> <span aria-hidden="true">×</span></a><?cs /each ?>
<details class="filters"><summary class="btn btn-sm">+ Filter</summary><form class="card" action="<?cs var:filter.action ?>">
<?cs each:k = filter.kept ?><input type="hidden" name="<?cs var:k.name ?>" value="<?cs var:k.value ?>"><?cs /each ?>
<label>Created<select class="form-select" name="period"><?cs call:list_options(filter.period.options) ?></select></label>
<label>From<input class="form-control" type="date" name="from" value="<?cs var:filter.from ?>"></label>
<label>To<input class="form-control" type="date" name="to" value="<?cs var:filter.to ?>"></label>
<label>Currency<input class="form-control" name="currency" value="<?cs var:filter.currency ?>" maxlength="3" placeholder="INR"></label>
<label>Amount at least<input class="form-control" name="least" value="<?cs var:filter.least ?>" inputmode="decimal"></label>
<label>Amount at most<input class="form-control" name="most" value="<?cs var:filter.most ?>" inputmode="decimal"></label>
<?cs each:f = filter.fields ?><?cs if:f.is_flag ?><label class="flag"><input class="form-check-input" type="checkbox" name="<?cs var:f.param ?>" value="1"<?cs if:f.on ?> checked<?cs /if ?>> <?cs var:f.label ?></label><?cs elif:f.is_choice ?><label><?cs var:f.label ?><select class="form-select" name="<?cs var:f.param ?>"><?cs call:list_options(f.options) ?></select></label><?cs else ?><label><?cs var:f.label ?><input class="form-control" name="<?cs var:f.param ?>" value="<?cs var:f.value ?>" placeholder="<?cs var:f.hint ?>"></label><?cs /if ?><?cs /each ?>
<div class="act"><button class="btn btn-primary btn-sm">Apply</button></div>
</form></details>
<?cs if:filtered ?><a href="<?cs var:clear_href ?>">Clear all</a><?cs /if ?></div>
<div class="sums"><span id="sums" hx-get="<?cs var:totals_href ?>" hx-trigger="load" hx-swap="outerHTML"><a href="<?cs var:totals_href ?>">Counts and totals</a></span> <a class="btn btn-sm" href="<?cs var:export_href ?>" download>Export CSV</a></div>
</div><?cs /def ?>
<?cs def:sort_head(s, label, class) ?><th scope="col" aria-sort="<?cs var:s.aria ?>"<?cs if:class ?> class="<?cs var:class ?>"<?cs /if ?>><a href="<?cs var:s.href ?>"><?cs var:label ?> <span aria-hidden="true"><?cs var:s.arrow ?></span></a></th><?cs /def ?>
<?cs def:list_foot() ?><nav class="card-footer pager" aria-label="Pages">
<?cs if:?pager.newer ?><a class="btn btn-sm" rel="prev" href="<?cs var:pager.newer ?>">← Previous</a><?cs else ?><span class="btn btn-sm disabled" aria-disabled="true">← Previous</span><?cs /if ?>
<?cs if:?pager.older ?><a class="btn btn-sm" rel="next" href="<?cs var:pager.older ?>">Next →</a><?cs else ?><span class="btn btn-sm disabled" aria-disabled="true">Next →</span><?cs /if ?>
<span class="sizes">Rows: <?cs each:z = sizes ?><?cs if:z.current ?><b aria-current="true"><?cs var:z.rows ?></b> <?cs else ?><a href="<?cs var:z.href ?>"><?cs var:z.rows ?></a> <?cs /if ?><?cs /each ?></span></nav><?cs /def ?>
