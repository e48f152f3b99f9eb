#!/usr/bin/env node
const { main, systemHost } = require('../dist/cli/main.js');

main(process.argv.slice(2), systemHost()).then((code) => {
  process.exitCode = code;
});
