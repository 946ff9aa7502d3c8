<?cs include:"layout/head.cs" ?>
<form class="card login" method="post" action="/login">
<div class="card-body">
<h1>Log in to refunddesk</h1>
<?cs call:notice(notice) ?>
<input type="hidden" name="csrf" value="<?cs var:csrf ?>">
<input type="hidden" name="next" value="<?cs var:next ?>">
<label class="form-label" for="name">User name</label>
<input class="form-control" id="name" name="name" value="<?cs var:name ?>" maxlength="100" autocomplete="username" autocapitalize="none" spellcheck="false" required<?cs if:!?name ?> autofocus<?cs /if ?>>
<label class="form-label" for="password">Password</label>
<input class="form-control" id="password" name="password" type="password" maxlength="1024" autocomplete="current-password" required<?cs if:?name ?> autofocus<?cs /if ?>>
<button class="btn btn-primary">Log in</button>
<p class="sub">No account, or a forgotten password? The person who runs this desk sets it with <code>refundctl user</code>.</p>
</div>
</form>
<?cs include:"layout/foot.cs" ?>
