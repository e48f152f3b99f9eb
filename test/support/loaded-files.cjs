// @ts-check
// Preloaded into a spawned program: at its end it writes what the program had loaded to LOADED_FILE.
const { writeFileSync } = require('node:fs');

const before = new Set(modulesOfNode());

/** @returns {string[]} */
function modulesOfNode() {
  // @ts-expect-error Node does not document it; the names are `NativeModule net`, `Internal Binding …`.
  return process.moduleLoadList;
}

process.on('exit', () => {
  const node = modulesOfNode().filter((name) => !before.has(name));
  const loaded = {
    files: Object.keys(require.cache).filter((file) => file !== __filename),
    node: node.flatMap((name) => (name.startsWith('NativeModule ') ? [name.slice('NativeModule '.length)] : [])),
  };
  writeFileSync(process.env['LOADED_FILE'] ?? '', JSON.stringify(loaded));
});
