<?cs include:"parts/macros.cs" ?><?cs if:!partial ?><!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title><?cs var:title ?> · refunddesk</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="htmx-config" content='{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"historyCacheSize":0,"defaultSettleDelay":0,"attributesToSettle":["class"],"responseHandling":[{"code":"204","swap":false},{"code":"...","swap":true}]}'>
<link rel="icon" href="/static/img/refunddesk.svg">
<link rel="stylesheet" href="/static/vendor/tabler.min.css">
<link rel="stylesheet" href="/static/css/desk.css">
<script src="/static/vendor/htmx.min.js" defer></script>
<script src="/static/js/app.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<?cs if:?user ?><nav class="side" aria-label="Main">
<a class="brand" href="/">refunddesk</a>
<div class="merchant"><?cs var:merchant ?></div>
<ul>
<?cs each:m = menu ?><li><a href="<?cs var:m.href ?>"<?cs if:m.current ?> aria-current="page"<?cs elif:m.inside ?> aria-current="true"<?cs /if ?>><?cs var:m.label ?></a><?cs if:m.inside ?><ul>
<?cs each:i = m.inner ?><li><a href="<?cs var:i.href ?>"<?cs if:i.current ?> aria-current="page"<?cs /if ?>><?cs var:i.label ?></a></li>
<?cs /each ?></ul><?cs /if ?></li>
<?cs /each ?></ul>
</nav><?cs /if ?>
<?cs if:test_mode ?><section class="band" aria-label="Mode">TEST MODE · refunds go to the simulator</section><?cs /if ?>
<?cs if:?stopped_by ?><section class="band stopped" aria-label="Sending">ALL SENDING IS STOPPED by <?cs var:stopped_by ?>: <?cs var:stopped_why ?></section><?cs /if ?>
<div class="<?cs if:?user ?>desk<?cs else ?>front<?cs /if ?>">
<?cs if:?user ?><header class="top">
<h1><?cs var:title ?></h1>
<form class="find" role="search" action="/orders"><input class="form-control" type="search" name="q" value="<?cs var:query ?>" aria-label="Search any id" placeholder="Search any id" aria-keyshortcuts="/" autocomplete="off"></form>
<details class="user"><summary><?cs var:user ?> · <?cs var:zone ?></summary><div class="card">
<p><a href="/profile">Profile and mails</a></p>
<p><a data-popup href="/help">Keyboard: <kbd>?</kbd></a></p>
<form method="post" action="/logout"><input type="hidden" name="csrf" value="<?cs var:csrf ?>"><button class="btn btn-sm">Log out</button></form>
</div></details>
</header><?cs /if ?>
<main id="main"><?cs /if ?>
