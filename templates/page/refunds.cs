<?cs include:"layout/head.cs" ?><?cs include:"parts/refund_rows.cs" ?>
<div class="card">
<nav class="card-header" aria-label="Refunds by status"><ul class="nav nav-tabs card-header-tabs">
<?cs each:t = tabs ?><li class="nav-item"><a class="nav-link<?cs if:t.current ?> active" aria-current="page<?cs /if ?>" href="<?cs var:t.href ?>"><?cs var:t.label ?></a></li>
<?cs /each ?></ul></nav>
<?cs if:?empty.title ?><?cs call:empty(empty) ?><?cs else ?>
<div class="table-responsive" role="region" aria-label="Refunds" tabindex="0"><table class="table table-vcenter card-table">
<?cs call:refund_head(zone, "1") ?>
<?cs call:refund_rows(rows, "1") ?></table></div>
<?cs call:pager(pager) ?><?cs /if ?></div>
<details class="meanings"><summary>What each status means</summary><dl><?cs each:l = legend ?>
<div><dt><?cs call:badge(l.status) ?></dt><dd><?cs var:l.text ?></dd></div><?cs /each ?>
</dl></details>
<?cs include:"layout/foot.cs" ?>
