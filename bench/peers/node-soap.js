// The call as the npm package "soap" makes it, which is in a folder of its own.
import { createRequire } from 'node:module';

const soap = createRequire(`${process.env['PACKAGES']}/`)('soap');
const client = await soap.createClientAsync(process.env['WSDL']);
const [answer] = await client.GetSSOTokenStatusAsync({
  tokenID: 'benchToken00000000',
  accountID: 'bench@instamed.net',
  alias: 'bench',
  password: 'bench-security-key',
});
console.log(answer.GetSSOTokenStatusResult);
