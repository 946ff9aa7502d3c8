<hr>
<p>refunddesk of <?cs var:merchant ?> · <a href="<?cs var:mail.portal ?>"><?cs var:mail.portal ?></a></p>
<p>You chose this mail on <a href="<?cs var:mail.profile ?>">your profile</a>, or your address stands in the settings of the desk. Please do not answer it.</p>
</body>
</html>
