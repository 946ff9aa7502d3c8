<?cs include:"layout/head.cs" ?>
<div class="popup-page">
<div class="popup-head"><h2 id="popup-title" tabindex="-1" autofocus>Keyboard</h2></div>
<div class="popup-main"><dl class="keys"><?cs each:s = shortcuts ?><div><dt><kbd><?cs var:s.keys ?></kbd></dt><dd><?cs var:s.what ?></dd></div>
<?cs /each ?></dl>
<p class="sub">Keys do nothing while you type in a field, and no single key moves money.</p></div>
<div class="popup-foot"><a class="btn" data-close href="<?cs var:back ?>">Close</a></div>
</div>
<?cs include:"layout/foot.cs" ?>
