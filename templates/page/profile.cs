<?cs include:"layout/head.cs" ?>
<?cs def:secret(name, label, kind, error) ?><label class="form-label" for="<?cs var:name ?>"><?cs var:label ?></label>
<input class="form-control<?cs if:error ?> is-invalid" aria-invalid="true" aria-describedby="<?cs var:name ?>-error<?cs /if ?>" type="password" id="<?cs var:name ?>" name="<?cs var:name ?>" maxlength="1024" autocomplete="<?cs var:kind ?>" required><?cs if:error ?><div class="invalid-feedback" id="<?cs var:name ?>-error"><?cs var:error ?></div><?cs /if ?><?cs /def ?>
<?cs call:notice(notice) ?>
<div class="settings">
<section class="card" aria-labelledby="mails-title"><div class="card-header"><h2 id="mails-title">Mails</h2></div>
<form method="post" action="/profile/mails"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><div class="card-body">
<label class="form-label" for="email">E-mail address</label>
<input class="form-control<?cs if:?email_error ?> is-invalid" aria-invalid="true<?cs /if ?>" type="email" id="email" name="email" value="<?cs var:email ?>" maxlength="254" autocomplete="email" spellcheck="false" aria-describedby="<?cs if:?email_error ?>email-error <?cs /if ?>email-help"><?cs if:?email_error ?><div class="invalid-feedback" id="email-error"><?cs var:email_error ?></div><?cs /if ?>
<div class="sub" id="email-help">Empty: you get no mails. <?cs var:where ?></div>
<?cs if:?kinds.0.name ?><fieldset class="kinds"><legend class="form-label">Write to me about</legend>
<?cs each:k = kinds ?><label class="form-check"><input class="form-check-input" type="checkbox" name="mail_<?cs var:k.name ?>" value="1"<?cs if:k.on ?> checked<?cs /if ?>> <span class="form-check-label"><b><?cs var:k.label ?></b><br><span class="sub"><?cs var:k.help ?></span></span></label>
<?cs /each ?></fieldset><?cs else ?><p class="sub">Your rights allow none of the mails.</p><?cs /if ?></div>
<div class="card-footer do"><a class="btn" href="/profile">Reset</a> <button class="btn btn-primary">Save</button></div></form>
</section>
<div>
<section class="card" aria-labelledby="you-title"><div class="card-header"><h2 id="you-title">You</h2></div><div class="card-body">
<dl class="facts"><?cs each:f = facts ?><div><dt><?cs var:f.label ?></dt><dd><?cs var:f.value ?></dd></div>
<?cs /each ?></dl>
<h3>What you may</h3><dl class="facts"><?cs each:f = rights ?><div><dt><?cs var:f.label ?></dt><dd><?cs var:f.value ?></dd></div>
<?cs /each ?></dl>
<p class="sub">A person who looks after users can change role and rights.</p>
</div></section>
<section class="card" aria-labelledby="password-title"><div class="card-header"><h2 id="password-title">Password</h2></div>
<form method="post" action="/profile/password"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><div class="card-body">
<?cs call:secret("old", "Your password now", "current-password", old_error) ?>
<?cs call:secret("password", "The new password", "new-password", new_error) ?>
<?cs call:secret("again", "The new password once more", "new-password", again_error) ?>
<p class="sub">8 characters or more. Wherever else you are logged in, you are logged out.</p></div>
<div class="card-footer do"><button class="btn">Change the password</button></div></form>
</section>
</div></div>
<?cs include:"layout/foot.cs" ?>
