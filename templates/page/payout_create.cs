<?cs include:"layout/head.cs" ?><?cs include:"parts/split.cs" ?><?cs include:"parts/refund_form.cs" ?>
<div class="popup-page"><form method="post" action="<?cs var:action ?>">
<div class="popup-head"><h2<?cs if:confirm && !?to_type ?> tabindex="-1" autofocus<?cs /if ?>><?cs if:confirm ?>Confirm the payout<?cs else ?>Pay out to another account<?cs /if ?> · <span class="id"><?cs var:order_id ?></span></h2></div>
<div class="popup-main">
<?cs call:notice(notice) ?>
<dl class="facts three"><div><dt>Customer</dt><dd><?cs var:customer ?></dd></div><div><dt>Paid</dt><dd><?cs var:paid ?></dd></div><div><dt><?cs if:confirm ?>Does not go back to<?cs else ?>Paid with<?cs /if ?></dt><dd><?cs var:goes_back_to ?></dd></div></dl>
<?cs if:?equation.charged ?><?cs call:equation(equation) ?><?cs /if ?>
<?cs call:form_hidden() ?><input type="hidden" name="to" value="<?cs var:to ?>">
<?cs if:confirm ?>
<p class="words"><?cs var:merchant ?> pays <strong><?cs var:confirm_amount ?></strong> of order <span class="id"><?cs var:order_id ?></span> to <strong><?cs var:pays_to ?></strong>. <?cs var:confirm_words ?></p>
<div class="alert alert-warning"><div><strong>This is another account.</strong> Compare holder and account with what the customer told you: what was paid out cannot be taken back.</div></div>
<dl class="facts"><div><dt>Holder</dt><dd><?cs var:holder ?></dd></div><div><dt>Account</dt><dd><?cs var:account ?></dd></div><?cs if:?bank ?><div><dt>Bank</dt><dd><?cs var:bank ?></dd></div><?cs /if ?><div><dt>Kind</dt><dd><?cs var:account_kind ?></dd></div><div><dt>Paid out by</dt><dd><?cs var:payer ?></dd></div><div><dt>Amount</dt><dd><?cs var:confirm_amount ?></dd></div><div><dt>Reason</dt><dd><?cs var:reason_label ?></dd></div><?cs if:?note ?><div><dt>Note</dt><dd><?cs var:note ?></dd></div><?cs /if ?></dl>
<?cs if:?parts.0.party ?><?cs call:split_agreed(parts, currency) ?><?cs /if ?>
<?cs each:f = fields ?><input type="hidden" name="<?cs var:f.name ?>" value="<?cs var:f.value ?>">
<?cs /each ?><?cs call:form_kept() ?>
<?cs elif:closed ?>
<?cs else ?>
<nav aria-label="What kind of account"><ul class="nav nav-tabs kinds"><?cs each:k = kinds ?><li class="nav-item"><a class="nav-link<?cs if:k.current ?> active" aria-current="page<?cs /if ?>" href="<?cs var:k.href ?>"><?cs var:k.label ?></a></li>
<?cs /each ?></ul></nav>
<div class="fields"><?cs each:f = fields ?><div<?cs if:f.wide ?> class="wide"<?cs /if ?>><label class="form-label<?cs if:f.required ?> required<?cs /if ?>" for="<?cs var:f.id ?>"><?cs var:f.label ?></label><?cs if:?f.options.0.label ?>
<select class="form-select<?cs if:?f.error ?> is-invalid" aria-invalid="true" aria-describedby="<?cs var:f.id ?>-error<?cs /if ?>" id="<?cs var:f.id ?>" name="<?cs var:f.name ?>"<?cs if:f.required ?> required<?cs /if ?>><?cs each:o = f.options ?><option value="<?cs var:o.value ?>"<?cs if:o.chosen ?> selected<?cs /if ?>><?cs var:o.label ?></option><?cs /each ?></select><?cs else ?>
<input class="form-control<?cs if:?f.error ?> is-invalid" aria-invalid="true" aria-describedby="<?cs var:f.id ?>-error<?cs /if ?>" id="<?cs var:f.id ?>" name="<?cs var:f.name ?>" value="<?cs var:f.value ?>" maxlength="<?cs var:f.most ?>" placeholder="<?cs var:f.like ?>" autocomplete="off" spellcheck="false"<?cs if:f.required ?> required<?cs /if ?>><?cs /if ?><?cs if:?f.error ?><div class="invalid-feedback" id="<?cs var:f.id ?>-error"><?cs var:f.error ?></div><?cs /if ?></div>
<?cs /each ?></div>
<?cs if:?parts.0.party ?><?cs call:form_parts() ?><div class="pair"><div><?cs call:form_reason() ?></div><div><?cs call:form_note() ?></div></div>
<?cs else ?><div class="pair"><div><?cs call:form_amount() ?></div><div><?cs call:form_reason() ?></div></div><?cs call:form_note() ?><?cs /if ?>
<?cs /if ?>
</div>
<?cs call:form_foot("Pay out", "Continue") ?>
</form></div>
<?cs include:"layout/foot.cs" ?>
