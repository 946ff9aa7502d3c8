<hr>
<p>refunddesk of <?cs var:merchant ?> · <a href="<?cs var:mail.portal ?>"><?cs var:mail.portal ?></a></p>
<p>You get this mail because you chose it on <a href="<?cs var:mail.profile ?>">your profile</a>, because it is about what you began, or because your address stands in the settings of the desk. Please do not answer it.</p>
</body>
</html>
