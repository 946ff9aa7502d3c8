#!/usr/bin/env node
// The portal as people see it: a whole desk, Debian's Chromium.
//
//   check_browser.mjs [WORD…]     only the cases whose names hold one of the words
import { main } from './main.mjs';
import './t_pages.mjs'; // the longest first
import './t_refund.mjs';
import './t_refusals.mjs';
import './t_hostile.mjs';
import './t_keyboard.mjs';
import './t_access.mjs';
import './t_conflict.mjs';
import './t_approval.mjs';
import './t_settings.mjs';
import './t_profile.mjs';
import './t_webhooks.mjs';
import './t_ways.mjs';
import './t_batch.mjs';

main();
