<?cs include:"layout/head.cs" ?>
<div class="popup-page"><form method="post" action="<?cs var:action ?>"<?cs if:partial ?> hx-post="<?cs var:action ?>" hx-target="#popup-body" hx-sync="this:drop"<?cs /if ?>>
<div class="popup-head"><h2 id="popup-title"><?cs var:question ?></h2></div>
<div class="popup-main"><p class="words"><strong><?cs var:merchant ?></strong>: <?cs var:about ?>. <?cs var:words ?></p><input type="hidden" name="csrf" value="<?cs var:csrf ?>">
<label class="form-label required" for="why">Reason</label>
<input class="form-control<?cs if:?why_error ?> is-invalid" aria-invalid="true<?cs /if ?>" id="why" name="why" value="<?cs var:why ?>" maxlength="500" required autofocus autocomplete="off" aria-describedby="why-error">
<div class="invalid-feedback" id="why-error"><?cs var:why_error ?></div></div>
<div class="popup-foot"><a class="btn" data-close href="<?cs var:back ?>">Close</a><button class="btn btn-danger"><?cs var:button ?></button></div>
</form></div>
<?cs include:"layout/foot.cs" ?>
