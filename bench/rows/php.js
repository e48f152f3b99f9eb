import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wsdlFor } from '../peers/envelope.js';
import { environment, inCheckout } from '../programs.js';
import { ratioLine } from '../ratio-row.js';
import { withServer } from '../start-server.js';
import { firstLineOf, needTool } from '../tools.js';

/** @type {import('../row.js').Row} */
export const phpRow = {
  name: 'php',
  group: 'peers',
  about: "the same call by PHP's SoapClient, its WSDL cached",
  measure: (bench) =>
    withServer(0, async ({ url }) => {
      const probe = ['php', '-r', 'exit(class_exists("SoapClient") ? 0 : 1);'];
      needTool(probe, ['php-cli', 'php-soap', 'php-xml'], bench.mayInstall);
      const wsdl = join(bench.folder, 'php.wsdl');
      writeFileSync(wsdl, wsdlFor(url));
      const argv = ['-d', `soap.wsdl_cache_dir=${bench.folder}`, inCheckout('bench/peers/soap-client.php')];
      const env = { ...environment(bench.folder, url), WSDL: wsdl };
      const version = firstLineOf('php', ['-r', 'echo PHP_VERSION;']);
      return [
        ratioLine(`the same call, SoapClient of PHP ${version}`, { file: 'php', argv, env, prints: /NEW/ }, bench),
      ];
    }),
};
