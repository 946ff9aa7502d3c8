<?cs include:"layout/head.cs" ?>
<section class="card"><div class="card-header"><h2>How to call it</h2></div><div class="card-body">
<dl class="facts"><div><dt>Base URL</dt><dd class="id"><?cs var:base_url ?></dd></div><div><dt>Merchant (x-merchantid)</dt><dd class="id"><?cs var:merchant_id ?></dd></div><div><dt>Authentication</dt><dd>HTTP Basic: the API key is the user name, the password is empty</dd></div><div><dt>Bodies</dt><dd>Form or JSON; every answer is JSON</dd></div></dl>
<pre class="copied" tabindex="0"><?cs var:curl ?></pre>
<p class="sub">The lines on these pages are for <?cs var:merchant ?> and hold no key: put yours into the shell's variable <code>API_KEY</code>.<?cs if:may_keys ?> <a href="/settings/api-keys">API keys</a> are made in Settings.<?cs else ?> A person who may see Settings can make one.<?cs /if ?></p>
</div></section>
<?cs each:g = groups ?><section class="card"><div class="card-header"><h2><a href="<?cs var:g.href ?>"><?cs var:g.name ?></a></h2></div><div class="card-body"><p class="sub"><?cs var:g.about ?></p>
<ul class="routes"><?cs each:r = g.routes ?><li><a href="<?cs var:g.href ?>#<?cs var:r.anchor ?>"><code><b><?cs var:r.method ?></b> <?cs var:r.path ?></code></a> <?cs var:r.summary ?></li>
<?cs /each ?></ul></div></section>
<?cs /each ?><?cs include:"layout/foot.cs" ?>
