<?cs include:"layout/head.cs" ?>
<div class="popup-page"><div class="popup-head"><h2 tabindex="-1" autofocus>Your new key “<?cs var:name ?>”</h2></div>
<div class="popup-main">
<p><strong>Copy it now: it is shown this once and nowhere again.</strong> Who has it may act for <?cs var:merchant ?>; keep it where secrets are kept.</p>
<p class="secret"><code class="id" data-once><?cs var:key ?></code></p>
<dl class="facts"><div><dt>It may</dt><dd><?cs var:scopes ?></dd></div><div><dt>Expires</dt><dd><?cs if:?expires ?><?cs var:expires ?><?cs else ?>never<?cs /if ?></dd></div></dl>
<p class="sub">It is the user name of HTTP Basic authentication; the password is empty.</p>
</div>
<div class="popup-foot"><a class="btn" href="/api-docs">How to use it</a><a class="btn btn-primary" href="<?cs var:back ?>">I have copied it</a></div></div>
<?cs include:"layout/foot.cs" ?>
