import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envelope, soapAction } from '../peers/envelope.js';
import { environment } from '../programs.js';
import { ratioLine } from '../ratio-row.js';
import { withServer } from '../start-server.js';
import { firstLineOf, needTool } from '../tools.js';

const script = `curl -sS -H 'Content-Type: text/xml; charset=utf-8' -H 'SOAPAction: ${soapAction}' --data-binary "@$BODY" "$INSTAMED_STATUS_URL" |
  xmllint --xpath 'string(//*[local-name()="GetSSOTokenStatusResult"])' -`;

/** @type {import('../row.js').Row} */
export const curlRow = {
  name: 'curl',
  group: 'peers',
  about: 'the same call by curl, its reply read by xmllint',
  measure: (bench) =>
    withServer(0, async ({ url }) => {
      needTool(['curl', '--version'], ['curl'], bench.mayInstall);
      needTool(['xmllint', '--version'], ['libxml2-utils'], bench.mayInstall);
      const body = join(bench.folder, 'envelope.xml');
      writeFileSync(body, envelope);
      const env = { ...environment(bench.folder, url), BODY: body };
      const contender = { file: '/bin/sh', argv: ['-c', script], env, prints: /NEW/ };
      const version = firstLineOf('curl', ['--version']).split(' ').slice(0, 2).join(' ');
      return [ratioLine(`the same call, ${version} into xmllint`, contender, bench)];
    }),
};
