<?cs include:"layout/head.cs" ?><?cs include:"parts/batch.cs" ?>
<?cs call:steps(steps) ?>
<?cs if:first ?><section class="card narrow-card" aria-labelledby="step-title"><form action="<?cs var:action ?>"><div class="card-header"><h2 id="step-title">What are these refunds for?</h2></div><div class="card-body">
<label class="form-label required" for="description">Description</label>
<textarea class="form-control<?cs if:?description_error ?> is-invalid" aria-invalid="true<?cs /if ?>" id="description" name="description" rows="3" maxlength="500" required autofocus aria-describedby="description-error description-help"><?cs var:description ?></textarea>
<div class="invalid-feedback" id="description-error"><?cs var:description_error ?></div>
<p class="sub" id="description-help">Another person reads it before approving the batch; it also stands on each refund.</p></div>
<div class="card-footer do"><a class="btn" href="<?cs var:back ?>">Close</a> <button class="btn btn-primary">Submit</button></div></form></section>
<?cs else ?><div class="settings"><section class="card" aria-labelledby="step-title"><form method="post" action="<?cs var:action ?>" enctype="multipart/form-data"><?cs call:hidden_csrf() ?><div class="card-header"><h2 id="step-title">The file</h2></div><div class="card-body">
<?cs if:?refused ?><div class="alert alert-danger" role="alert" id="refused"><div><strong><?cs var:refused ?>.</strong> <?cs var:said ?><?cs if:?duplicate.id ?> <a href="<?cs var:duplicate.href ?>">Open batch <?cs var:duplicate.id ?></a><?cs /if ?><?cs if:!?duplicate.id ?> Nothing was kept.<?cs /if ?></div></div><?cs /if ?>
<?cs if:description ?><dl class="facts"><div><dt>Description</dt><dd><?cs var:description ?></dd></div></dl><input type="hidden" name="description" value="<?cs var:description ?>"><?cs /if ?>
<label class="form-label required" for="refund_reason">Reason of the refunds</label>
<select class="form-select<?cs if:?reason_error ?> is-invalid" aria-invalid="true<?cs /if ?>" id="refund_reason" name="refund_reason" aria-describedby="reason-error"><?cs each:o = reasons ?><option value="<?cs var:o.value ?>"<?cs if:o.chosen ?> selected<?cs /if ?>><?cs var:o.label ?></option><?cs /each ?></select>
<div class="invalid-feedback" id="reason-error"><?cs var:reason_error ?></div>
<label class="form-label required" for="file">CSV file</label>
<input class="form-control drop" type="file" id="file" name="file" accept=".csv,text/csv" required<?cs if:?refused ?> aria-invalid="true" aria-describedby="refused file-help"<?cs else ?> aria-describedby="file-help"<?cs /if ?>>
<p class="sub" id="file-help">Choose the file, or drag and drop it here. <?cs var:allowed ?> <a href="<?cs var:sample ?>" download>batch_refunds_sample.csv</a> has every column and rows of your own orders.</p></div>
<div class="card-footer do"><a class="btn" href="<?cs var:back ?>">Close</a> <button class="btn btn-primary">Upload and check</button></div></form></section>
<aside class="card" aria-labelledby="columns-title"><div class="card-header"><h2 id="columns-title">What is in it</h2></div><div class="card-body"><p>Uploading refunds nothing: every row is checked first, and you confirm the totals.</p>
<p class="sub">Columns, in any order and case:</p><ul class="columns"><?cs each:c = columns ?><li><code><?cs var:c.name ?></code><?cs if:c.required ?> <b>required</b><?cs /if ?></li><?cs /each ?></ul>
<p class="sub">Amounts are written with digits and a point, such as 100.50. In a row of a split settlement, marketplace_amount, vendor1_amount and vendor2_amount add up to amount. The same order and amount may stand in a file twice only with different unique_id values.</p></div></aside></div><?cs /if ?>
<?cs include:"layout/foot.cs" ?>
