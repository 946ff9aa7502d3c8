#!/usr/bin/env node
// The corpus of hostile texts (payloads.mjs) in every field, on every page.
//
//   check_payloads.mjs [WORD…]     only the cases whose names hold one of the words
import { main } from './main.mjs';
import './t_payloads.mjs';

main();
