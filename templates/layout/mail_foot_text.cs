
-- 
refunddesk of <?cs var:merchant ?> · <?cs var:mail.portal ?>

You get this mail because you chose it on your profile (<?cs var:mail.profile ?>), because it is about what you began, or because your address stands in the settings of the desk. Please do not answer it.
