<?cs include:"layout/head.cs" ?><?cs include:"parts/api.cs" ?>
<p><a href="<?cs var:back ?>">All of the API</a> · <?cs var:about ?></p>
<?cs each:r = routes ?><section class="card" id="<?cs var:r.anchor ?>"><div class="card-header"><h2><code><b><?cs var:r.method ?></b> <?cs var:r.path ?></code></h2></div><div class="card-body">
<p><?cs var:r.summary ?><?cs if:?r.description ?>. <?cs var:r.description ?><?cs /if ?></p>
<p class="sub"><?cs if:?r.scope ?>Needs a key that may <b><?cs var:r.scope ?></b>. <?cs /if ?><?cs if:?r.sends ?>Body: <?cs var:r.sends ?>.<?cs /if ?></p>
<pre class="copied" tabindex="0"><?cs var:r.curl ?></pre>
<?cs if:?r.parameters.0.name ?><?cs call:api_fields(r.parameters, "Parameters", r.anchor) ?><?cs /if ?>
<?cs if:?r.fields.0.name ?><?cs call:api_fields(r.fields, "Fields", r.anchor) ?><?cs /if ?>
<table class="parts doc"><thead><tr><th scope="col">Answers</th><th scope="col">What it says</th></tr></thead><tbody><?cs each:a = r.answers ?>
<tr><th scope="row"><code><?cs var:a.status ?></code></th><td><?cs var:a.description ?><?cs if:?a.href ?> <a href="<?cs var:a.href ?>">Fields of <?cs var:a.fields ?></a><?cs /if ?></td></tr><?cs /each ?>
</tbody></table>
</div></section>
<?cs /each ?><?cs include:"layout/foot.cs" ?>
