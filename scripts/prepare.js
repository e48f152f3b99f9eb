// npm runs this wherever it takes the package from its source: in a clone, for a folder, for a git URL. What nobody has
// built yet is built then, and what was built stays; npm run setup builds anew.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const isBuilt = existsSync(fileURLToPath(new URL('../dist/cli/main.js', import.meta.url)));
// setup.js installs by npm, which runs this again; it builds by itself.
const isSetUp = process.env['INSTAMED_POLL_SETUP'] === '1';
// Somebody wants no tools for building. The program itself says what is missing then.
const isWithoutTools = (process.env['npm_config_omit'] ?? '').split(/\s+/).includes('dev');

if (!isBuilt && !isSetUp && !isWithoutTools) await import('./setup.js');
