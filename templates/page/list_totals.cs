<?cs include:"layout/head.cs" ?><?cs if:partial ?><?cs each:c = counts ?><span class="count" id="count-<?cs var:c.key ?>" hx-swap-oob="true"><?cs var:c.count ?></span><?cs /each ?><span id="sums" aria-live="polite"><?cs var:rows_text ?><?cs each:s = sums ?> · <?cs var:s.text ?><?cs /each ?></span><?cs else ?>
<div class="card totals"><div class="table-responsive" role="region" aria-label="Counts" tabindex="0"><table class="table card-table"><thead><tr><th scope="col">Status</th><th scope="col" class="n">Rows</th></tr></thead>
<tbody><?cs each:c = counts ?><tr><td><?cs var:c.label ?></td><td class="n"><?cs var:c.count ?></td></tr><?cs /each ?></tbody></table></div>
<div class="card-body"><p>The whole filter: <?cs var:rows_text ?><?cs each:s = sums ?> · <?cs var:s.text ?><?cs /each ?></p><a class="btn" href="<?cs var:back_href ?>">Back to the list</a></div></div><?cs /if ?>
<?cs include:"layout/foot.cs" ?>
