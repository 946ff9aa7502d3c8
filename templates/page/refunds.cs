<?cs include:"layout/head.cs" ?><?cs include:"parts/list.cs" ?><?cs include:"parts/refund_rows.cs" ?>
<div class="card" id="list">
<?cs call:list_tabs(tabs, "Refunds by status") ?><?cs call:list_bar() ?>
<?cs if:?empty.title ?><?cs call:empty(empty) ?><?cs else ?>
<div class="table-responsive" role="region" aria-label="Refunds" tabindex="0"><table class="table table-vcenter card-table">
<thead><tr><th scope="col" aria-sort="<?cs var:sort.created.aria ?>"><a href="<?cs var:sort.created.href ?>">Created (<?cs var:zone ?>) <span aria-hidden="true"><?cs var:sort.created.arrow ?></span></a></th><th scope="col">Order</th><th scope="col">Refund</th><?cs call:sort_head(sort.amount, "Amount", "n") ?><th scope="col">Status</th><th scope="col">Gateway</th><th scope="col">By</th></tr></thead>
<?cs call:refund_rows(rows, "1") ?></table></div>
<?cs call:list_foot() ?><?cs /if ?></div>
<details class="meanings"><summary>What each status means</summary><dl><?cs each:l = legend ?>
<div><dt><?cs call:badge(l.status) ?></dt><dd><?cs var:l.text ?></dd></div><?cs /each ?>
</dl></details>
<?cs include:"layout/foot.cs" ?>
