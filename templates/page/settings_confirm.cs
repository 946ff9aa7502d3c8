<?cs include:"layout/head.cs" ?>
<div class="popup-page"><form method="post" action="<?cs var:action ?>">
<div class="popup-head"><h2 tabindex="-1" autofocus><?cs var:question ?></h2></div>
<div class="popup-main"><p class="words"><strong><?cs var:merchant ?></strong>: <?cs var:words ?></p>
<?cs if:?why ?><dl class="facts"><div><dt>Reason</dt><dd><?cs var:why ?></dd></div></dl><?cs /if ?><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><?cs each:k = kept ?><input type="hidden" name="<?cs var:k.name ?>" value="<?cs var:k.value ?>">
<?cs /each ?></div>
<div class="popup-foot"><button class="btn" name="step" value="edit">Back</button><button class="btn btn-danger" name="step" value="confirmed"><?cs var:act ?></button></div>
</form></div>
<?cs include:"layout/foot.cs" ?>
