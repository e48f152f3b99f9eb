import { reply } from '../../raw-server.ts';
import { type Attack, type AttackClass, both, bytes } from '../attack.ts';

/** `{elsewhere}` stands for a server that must never be asked, `{here}` for the one that was. */
const to = (name: string, location: string, status = '302 Found'): Attack =>
  bytes(`${name} (${status.slice(0, 3)})`, both('service-error REDIRECT'), reply('', location, status));

/** That a 401 becomes a 302 to a login page was seen; the rest is invented. */
export const redirects: AttackClass = {
  title: 'Redirects, none of which is followed',
  attacks: [
    ...['301 Moved', '302 Found', '303 See Other', '307 Temporary', '308 Permanent'].map((status) =>
      to('to another host', 'Location: {elsewhere}/SSOService.asmx\r\n', status),
    ),
    to('to the same address, for ever', 'Location: {here}/SSOService.asmx\r\n', '307 Temporary'),
    to('to another path of the same host', 'Location: /NVP.aspx\r\n', '308 Permanent'),
    to('to a login page', 'Location: /login.aspx?ReturnUrl=%2fNVP.aspx\r\n'),
    to('to a host without a scheme', 'Location: //127.0.0.1:9/\r\n', '307 Temporary'),
    to('to another scheme', 'Location: file:///etc/passwd\r\n'),
    to('to a script', 'Location: javascript:alert(1)\r\n'),
    to('with user and password in it', 'Location: https://user:secret@host.example/\r\n'),
    to('without a Location', ''),
    to('with an empty Location', 'Location:\r\n'),
    to('with two Locations', 'Location: {elsewhere}/a\r\nLocation: {elsewhere}/b\r\n'),
    to('to what is no address', 'Location: http://[::1\r\n'),
    to('to a host of 10,000 letters', `Location: https://${'x'.repeat(10_000)}/\r\n`),
    to('to a host with direction controls', 'Location: https://pay\u202e.example/\r\n'),
    to('as a choice', 'Location: {elsewhere}/\r\n', '300 Multiple Choices'),
    to('to a proxy', 'Location: {elsewhere}/\r\n', '305 Use Proxy'),
  ],
};
