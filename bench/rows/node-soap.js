import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wsdlFor } from '../peers/envelope.js';
import { environment, inCheckout } from '../programs.js';
import { ratioLine } from '../ratio-row.js';
import { withServer } from '../start-server.js';
import { needNpmPackage } from '../tools.js';

const version = '1.13.0';

/** @type {import('../row.js').Row} */
export const nodeSoapRow = {
  name: 'node-soap',
  group: 'peers',
  about: 'the same call by the npm package soap',
  measure: (bench) =>
    withServer(0, async ({ url }) => {
      const packages = join(bench.folder, 'node-soap');
      mkdirSync(packages);
      needNpmPackage(`soap@${version}`, packages, bench.mayInstall);
      const wsdl = join(packages, 'service.wsdl');
      writeFileSync(wsdl, wsdlFor(url));
      const env = { ...environment(bench.folder, url), WSDL: wsdl, PACKAGES: packages };
      const argv = [inCheckout('bench/peers/node-soap.js')];
      const contender = { file: process.execPath, argv, env, prints: /NEW/ };
      return [ratioLine(`the same call, node-soap ${version}`, contender, bench)];
    }),
};
