<?cs def:api_kind(f) ?><?cs var:f.type ?><?cs if:?f.most ?>, <?cs var:f.most ?><?cs /if ?><?cs if:?f.values ?>; <?cs var:f.values ?><?cs /if ?><?cs if:?f.usual ?>; <?cs var:f.usual ?><?cs /if ?><?cs /def ?>
<?cs def:api_fields(fields, label) ?><div class="table-responsive" role="region" aria-label="<?cs var:label ?>" tabindex="0"><table class="parts doc"><thead><tr><th scope="col"><?cs var:label ?></th><th scope="col">What it is</th></tr></thead><tbody><?cs each:f = fields ?>
<tr><th scope="row"><code><?cs var:f.name ?></code><?cs if:f.required ?> <b>required</b><?cs /if ?><?cs if:?f.in ?> <span class="sub">in the <?cs var:f.in ?></span><?cs /if ?></th><td><?cs var:f.description ?><div class="sub"><?cs call:api_kind(f) ?></div></td></tr><?cs /each ?>
</tbody></table></div><?cs /def ?>
