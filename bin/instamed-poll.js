#!/usr/bin/env node
const { main, systemHost } = require('../dist/cli/main.js');

// Whatever ends this process before the ending is known must not pass for success.
process.exitCode = 1;
main(process.argv.slice(2), systemHost()).then((code) => {
  process.exitCode = code;
});
