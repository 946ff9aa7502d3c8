
-- 
refunddesk of <?cs var:merchant ?> · <?cs var:mail.portal ?>

You chose this mail on your profile (<?cs var:mail.profile ?>), or your address stands in the settings of the desk. Please do not answer it.
