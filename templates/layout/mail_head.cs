<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title><?cs var:mail.subject ?></title>
</head>
<body>
<?cs if:test_mode ?><p><strong>TEST MODE</strong> · refunds go to the simulator</p>
<?cs /if ?><h1><?cs var:mail.subject ?></h1>
