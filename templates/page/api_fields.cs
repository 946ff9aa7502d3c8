<?cs include:"layout/head.cs" ?><?cs include:"parts/api.cs" ?>
<p><a href="<?cs var:back ?>">All of the API</a><?cs if:?about ?> · <?cs var:about ?><?cs /if ?></p>
<section class="card"><div class="card-body"><?cs call:api_fields(fields, "Fields", title) ?></div></section>
<?cs include:"layout/foot.cs" ?>
