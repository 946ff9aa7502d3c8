<?cs include:"layout/head.cs" ?>
<div class="popup-page"><div class="popup-head"><h2 tabindex="-1" autofocus>The signing secret of <?cs var:url ?></h2></div>
<div class="popup-main">
<p><strong>Copy it now: it is shown this once and nowhere again.</strong> With it your server knows that a webhook comes from this desk for <?cs var:merchant ?>; keep it where secrets are kept.</p>
<p class="secret"><code class="id" data-once><?cs var:secret ?></code></p>
<?cs if:?old_until ?><p>The secret before signs along until <strong><?cs var:old_until ?></strong>: give your server the new one by then.</p><?cs /if ?>
<h3>How your server checks it</h3>
<p>Each request is signed as “Standard Webhooks” has it, so its libraries do the work:</p>
<pre>npm install standardwebhooks

new Webhook(secret).verify(body, headers)</pre>
<p class="sub">By hand: what follows “whsec_” is the key in base64. HMAC-SHA-256 of <code>webhook-id.webhook-timestamp.body</code>, in base64, is one of the signatures behind “v1,” in <code>webhook-signature</code>. Refuse what is older than five minutes.</p>
</div>
<div class="popup-foot"><a class="btn" href="/api-docs/webhooks-out">What is sent</a><a class="btn btn-primary" href="<?cs var:back ?>">I have copied it</a></div></div>
<?cs include:"layout/foot.cs" ?>
