<?cs def:form_hidden() ?><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><input type="hidden" name="txn" value="<?cs var:txn ?>"><input type="hidden" name="id" value="<?cs var:id ?>"><?cs /def ?>
<?cs def:form_kept() ?><input type="hidden" name="amount" value="<?cs var:amount ?>"><input type="hidden" name="reason" value="<?cs var:reason ?>"><input type="hidden" name="note" value="<?cs var:note ?>"><?cs if:?type ?><input type="hidden" name="type" value="<?cs var:type ?>"><?cs /if ?>
<?cs if:?to_type ?><label class="form-label required" for="typed">Type the amount, <span class="id"><?cs var:to_type ?></span>, to confirm</label>
<div class="input-group"><input class="form-control n<?cs if:?typed_error ?> is-invalid" aria-invalid="true<?cs /if ?>" id="typed" name="typed" value="<?cs var:typed ?>" inputmode="decimal" autocomplete="off" maxlength="20" required autofocus aria-describedby="typed-error"><span class="input-group-text"><?cs var:currency ?></span></div>
<div class="invalid-feedback" id="typed-error"><?cs var:typed_error ?></div><?cs /if ?><?cs /def ?>
<?cs def:form_scale() ?>data-left="<?cs var:left_minor ?>" data-decimals="<?cs var:decimals ?>" data-minimum="<?cs var:minimum_minor ?>" data-locale="<?cs var:locale ?>" data-currency="<?cs var:currency ?>"<?cs /def ?>
<?cs def:form_parts() ?><?cs call:split_fields(parts, currency) ?>
<div id="amount" class="split-sum" <?cs call:form_scale() ?>><div class="sub" id="amount-live" role="status"><?cs var:live ?></div><button class="btn btn-sm" type="button" data-fill hidden>Refund the rest</button></div>
<?cs call:field_error(amount_error) ?><?cs /def ?>
<?cs def:form_amount() ?><label class="form-label required" for="amount">Amount</label>
<div class="input-group"><input class="form-control n<?cs if:?amount_error.text ?> is-invalid" aria-invalid="true<?cs /if ?>" id="amount" name="amount" value="<?cs var:amount ?>" inputmode="decimal" autocomplete="off" maxlength="20" required<?cs if:!?fields.0.name ?> autofocus<?cs /if ?> aria-describedby="amount-error amount-live" <?cs call:form_scale() ?> data-rest="<?cs var:rest ?>"><span class="input-group-text"><?cs var:currency ?></span><button class="btn" type="button" data-fill hidden>Refund the rest</button></div>
<?cs call:field_error(amount_error) ?>
<div class="sub" id="amount-live" role="status"><?cs var:live ?></div><?cs /def ?>
<?cs def:form_reason() ?><label class="form-label required" for="reason">Reason</label>
<select class="form-select<?cs if:?reason_error.text ?> is-invalid" aria-invalid="true<?cs /if ?>" id="reason" name="reason" required aria-describedby="reason-error"><option value="">Choose…</option><?cs each:o = reasons ?>
<option value="<?cs var:o.value ?>"<?cs if:o.chosen ?> selected<?cs /if ?>><?cs var:o.label ?></option><?cs /each ?></select>
<?cs call:field_error(reason_error) ?><?cs /def ?>
<?cs def:form_type() ?><label class="form-label" for="type">Type</label>
<select class="form-select<?cs if:?type_error.text ?> is-invalid" aria-invalid="true<?cs /if ?>" id="type" name="type" aria-describedby="type-error"><?cs each:o = types ?><option value="<?cs var:o.value ?>"<?cs if:o.chosen ?> selected<?cs /if ?>><?cs var:o.label ?></option><?cs /each ?></select>
<?cs call:field_error(type_error) ?><?cs /def ?>
<?cs def:form_note() ?><label class="form-label" for="note">Note <span class="sub">(only colleagues see it)</span></label>
<input class="form-control<?cs if:?note_error.text ?> is-invalid" aria-invalid="true<?cs /if ?>" id="note" name="note" value="<?cs var:note ?>" maxlength="500" aria-describedby="note-error" autocomplete="off">
<?cs call:field_error(note_error) ?><?cs /def ?>
<?cs def:form_foot(act, begin) ?><div class="popup-foot"><span class="sub"><?cs var:hold ?></span>
<?cs if:confirm ?><?cs if:?to_type ?><button class="btn btn-primary" name="step" value="initiate"><?cs var:act ?> <?cs var:confirm_amount ?></button><?cs /if ?><button class="btn back" name="step" value="edit" formnovalidate>Back</button><?cs if:?all ?><button class="btn" name="step" value="rest" formnovalidate>Refund the rest: <?cs var:all ?></button><?cs /if ?><?cs if:!?to_type ?><button class="btn btn-primary" name="step" value="initiate"><?cs var:act ?> <?cs var:confirm_amount ?></button><?cs /if ?>
<?cs else ?><a class="btn" data-close href="<?cs var:back ?>">Close</a><?cs if:!closed ?><button class="btn btn-primary" name="step" value="confirm"><?cs var:begin ?></button><?cs /if ?><?cs /if ?></div><?cs /def ?>
