<?cs include:"layout/head.cs" ?>
<div class="card empty"<?cs if:partial ?> role="alert"<?cs /if ?>>
<p class="empty-header"><?cs var:status ?></p>
<?cs if:partial ?><h2 class="empty-title" id="popup-title"><?cs var:heading ?></h2><?cs elif:?user ?><p class="empty-title"><?cs var:heading ?></p><?cs else ?><h1 class="empty-title"><?cs var:heading ?></h1><?cs /if ?>
<p class="empty-subtitle"><?cs var:text ?></p>
<p class="empty-subtitle"><?cs var:advice ?></p>
<p><a class="btn"<?cs if:partial ?> data-close<?cs /if ?> href="<?cs var:href ?>"><?cs var:action ?></a></p>
<p class="sub">Request <code class="id"><?cs var:request_id ?></code></p>
</div>
<?cs include:"layout/foot.cs" ?>
