// The call as the shortest script makes it that has no package: nothing is checked.
import { request } from 'node:http';
import { envelope, soapAction } from './envelope.js';

const headers = { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: soapAction };
const call = request(process.env['INSTAMED_STATUS_URL'] ?? '', { method: 'POST', headers }, (reply) => {
  let text = '';
  reply.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  reply.on('end', () => console.log(/<GetSSOTokenStatusResult>([^<]*)</.exec(text)?.[1]));
});
call.end(envelope);
