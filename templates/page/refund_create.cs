<?cs include:"layout/head.cs" ?><?cs include:"parts/split.cs" ?><?cs include:"parts/refund_form.cs" ?>
<div class="popup-page"><form method="post" action="<?cs var:action ?>"<?cs if:partial ?> hx-post="<?cs var:action ?>" hx-target="#popup-body" hx-sync="this:drop"<?cs /if ?>>
<div class="popup-head"><h2 id="popup-title"<?cs if:confirm && !?to_type ?> tabindex="-1" autofocus<?cs /if ?>><?cs if:confirm ?>Confirm the refund<?cs else ?>Create Refund<?cs /if ?> · <span class="id"><?cs var:order_id ?></span></h2></div>
<div class="popup-main">
<?cs call:notice(notice) ?>
<dl class="facts three"><div><dt>Customer</dt><dd><?cs var:customer ?></dd></div><div><dt>Paid</dt><dd><?cs var:paid ?></dd></div><div><dt>Goes back to</dt><dd><?cs var:goes_back_to ?><?cs if:?payout ?><br><a href="<?cs var:payout ?>">To another account …</a><?cs /if ?></dd></div></dl>
<?cs if:?equation.charged ?><?cs call:equation(equation) ?><?cs /if ?>
<?cs call:form_hidden() ?>
<?cs if:confirm ?>
<p class="words"><?cs var:merchant ?> refunds <strong><?cs var:confirm_amount ?></strong> of order <span class="id"><?cs var:order_id ?></span>. <?cs var:confirm_words ?></p>
<?cs if:?parts.0.party ?><?cs call:split_agreed(parts, currency) ?><?cs /if ?>
<dl class="facts"><div><dt>Reason</dt><dd><?cs var:reason_label ?></dd></div><?cs if:?type_label ?><div><dt>Type</dt><dd><?cs var:type_label ?></dd></div><?cs /if ?><?cs if:?note ?><div><dt>Note</dt><dd><?cs var:note ?></dd></div><?cs /if ?></dl>
<?cs call:form_kept() ?>
<?cs elif:closed ?>
<?cs elif:?parts.0.party ?><?cs call:form_parts() ?>
<div class="pair"><div><?cs call:form_reason() ?></div><?cs if:?types.0.value ?><div><?cs call:form_type() ?></div><?cs /if ?></div>
<?cs call:form_note() ?>
<?cs else ?><div class="pair"><div><?cs call:form_amount() ?></div><div><?cs call:form_reason() ?></div></div>
<?cs if:?types.0.value ?><div class="pair"><div><?cs call:form_type() ?></div><div><?cs call:form_note() ?></div></div><?cs else ?><?cs call:form_note() ?><?cs /if ?>
<?cs /if ?>
</div>
<?cs call:form_foot("Refund", "Initiate Refund") ?>
</form></div>
<?cs include:"layout/foot.cs" ?>
