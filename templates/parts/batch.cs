<?cs def:bulk_tabs() ?><nav class="card-header" aria-label="Bulk Operations"><ul class="nav nav-tabs card-header-tabs"><li class="nav-item"><a class="nav-link active" aria-current="page" href="/batch/batch-refunds">Refunds</a></li></ul></nav><?cs /def ?>
<?cs def:progress(q) ?><progress value="<?cs var:q.done ?>" max="<?cs var:q.total ?>" aria-label="Tasks done: <?cs var:q.of ?>"></progress><?cs /def ?>
<?cs def:step(s) ?><li<?cs if:s.current ?> aria-current="step"<?cs elif:s.done ?> class="done"<?cs /if ?>><span><?cs var:s.label ?></span></li><?cs /def ?>
<?cs def:steps(items) ?><?cs if:?items.0.label ?><ol class="steps-row" aria-label="Steps"><?cs each:s = items ?><?cs call:step(s) ?><?cs /each ?></ol><?cs /if ?><?cs /def ?>
<?cs def:file_pager(older, newer) ?><?cs if:older || newer ?><nav class="card-footer pager" aria-label="Pages"><?cs if:newer ?><a class="btn btn-sm" rel="prev" href="<?cs var:newer ?>">← Previous</a><?cs /if ?><?cs if:older ?><a class="btn btn-sm" rel="next" href="<?cs var:older ?>">Next →</a><?cs /if ?></nav><?cs /if ?><?cs /def ?>
<?cs def:hidden_csrf() ?><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><?cs /def ?>
