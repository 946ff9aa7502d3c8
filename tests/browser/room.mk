# The portal in Debian's Chromium: a whole desk, a person's clicks and keys
SYSTEM_TESTS += tests/browser/check_browser.mjs tests/browser/check_payloads.mjs

# The README's pictures, of a fresh demo.
screenshots: all tests/browser/node_modules.stamp
	$(AM_V_GEN)$(TESTS_ENVIRONMENT) $(srcdir)/tests/browser/shots.mjs $(srcdir)/docs
.PHONY: screenshots
