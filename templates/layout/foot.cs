<?cs if:!partial ?></main>
</div>
<?cs if:?user ?><dialog id="popup" aria-labelledby="popup-title"><div id="popup-body"></div></dialog><?cs /if ?>
</body>
</html><?cs /if ?>
