<?cs def:party(p) ?><th scope="row"<?cs if:p.is_id ?> class="id"<?cs /if ?>><?cs var:p.party ?></th><?cs /def ?>
<?cs def:split_fields(parts, currency) ?><div class="table-responsive"><table class="parts"><caption class="visually-hidden">Who gives back how much</caption>
<thead><tr><th scope="col">Party</th><th scope="col" class="n">Left of its part</th><th scope="col" class="n">Gives back (<?cs var:currency ?>)</th></tr></thead><tbody><?cs each:p = parts ?>
<tr><?cs call:party(p) ?><td class="n"><?cs var:p.left ?><div class="sub">of <?cs var:p.amount ?></div></td><td><input class="form-control n<?cs if:?p.error ?> is-invalid" aria-invalid="true" aria-describedby="<?cs var:p.id ?>-error<?cs /if ?>" id="<?cs var:p.id ?>" name="<?cs var:p.name ?>" value="<?cs var:p.value ?>" data-part data-rest="<?cs var:p.rest ?>" inputmode="decimal" autocomplete="off" maxlength="20" aria-label="<?cs var:p.party ?> gives back"><?cs if:?p.error ?><div class="invalid-feedback" id="<?cs var:p.id ?>-error"><?cs var:p.error ?></div><?cs /if ?></td></tr><?cs /each ?>
</tbody></table></div><?cs /def ?>
<?cs def:split_agreed(parts, currency) ?><div class="table-responsive"><table class="parts"><caption class="visually-hidden">Who gives back how much</caption>
<thead><tr><th scope="col">Party</th><th scope="col" class="n">Left now</th><th scope="col" class="n">Gives back (<?cs var:currency ?>)</th></tr></thead><tbody><?cs each:p = parts ?>
<tr><?cs call:party(p) ?><td class="n"><?cs var:p.left ?></td><td class="n"><b><?cs var:p.gives ?></b><input type="hidden" name="<?cs var:p.name ?>" value="<?cs var:p.value ?>"></td></tr><?cs /each ?>
</tbody></table></div><?cs /def ?>
<?cs def:split_order(parts) ?><div class="table-responsive" role="region" aria-label="Split settlement" tabindex="0"><table class="parts">
<thead><tr><th scope="col">Party</th><th scope="col" class="n">Its part (<?cs var:currency ?>)</th><th scope="col" class="n">Given back or held</th><th scope="col" class="n">Left</th></tr></thead><tbody><?cs each:p = parts ?>
<tr><?cs call:party(p) ?><td class="n"><?cs var:p.amount ?></td><td class="n"><?cs var:p.given ?></td><td class="n"><?cs var:p.left ?></td></tr><?cs /each ?>
</tbody></table></div><?cs /def ?>
<?cs def:split_refund(parts, status) ?><div class="table-responsive" role="region" aria-label="Split settlement" tabindex="0"><table class="parts">
<thead><tr><th scope="col">Party</th><th scope="col" class="n">Gives back (<?cs var:currency ?>)</th><th scope="col">Status</th><th scope="col" class="n">All its refunds</th><th scope="col" class="n">Its part</th></tr></thead><tbody><?cs each:p = parts ?>
<tr><?cs call:party(p) ?><td class="n"><b><?cs var:p.gives ?></b></td><td><?cs call:badge(status) ?></td><td class="n"><?cs var:p.given ?></td><td class="n"><?cs var:p.amount ?></td></tr><?cs /each ?>
</tbody></table></div><?cs /def ?>
