#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// Whatever ends this process before the ending is known must not pass for success.
process.exitCode = 1;
const program = join(__dirname, '../dist/cli/main.js');
if (existsSync(program)) run();
else process.stderr.write('instamed-poll is not built. Run this in its folder: npm run setup\n');

function run() {
  const { main, systemHost } = require('../dist/cli/main.js');
  main(process.argv.slice(2), systemHost()).then((code) => {
    process.exitCode = code;
  });
}
