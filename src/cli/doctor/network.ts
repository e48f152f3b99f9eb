import { hostOf, portOf } from '../../domain/endpoint.ts';
import { explainFailure } from '../../remote/failures.ts';
import type { Check, Finding } from './check.ts';
import type { Side, Subject, Way } from './subject.ts';

/** From the name to the open way. Where a proxy applies it is the proxy's name that this machine has to know. */
export function networkChecks(side: Side, subject: Subject): Check[] {
  return [
    {
      id: `${side}-dns`,
      title: `DNS of the ${side} host`,
      needs: [`${side}-url`],
      run: () => checkDns(side, subject),
    },
    {
      id: `${side}-connect`,
      title: `Connection to the ${side} host`,
      needs: [`${side}-dns`],
      run: () => checkConnect(side, subject),
    },
    {
      id: `${side}-proxy`,
      title: `Proxy to the ${side} host`,
      needs: [`${side}-connect`, 'ca-file'],
      run: () => checkProxy(side, subject),
    },
  ];
}

async function checkDns(side: Side, subject: Subject): Promise<Finding> {
  const { says, ...near } = nearEnd(await subject.way(side));
  const limits = await subject.connectLimits();
  const addresses = await subject.probe.lookUp(near.url, limits).catch((error: unknown) => {
    throw explainFailure(error, { ...near, purpose: 'while looking up its address' }, 'connecting');
  });
  return { detail: `${says}: ${addresses.join(', ')}` };
}

async function checkConnect(side: Side, subject: Subject): Promise<Finding> {
  const { says, ...near } = nearEnd(await subject.way(side));
  const limits = await subject.connectLimits();
  const address = await subject.probe.connect(near.url, limits).catch((error: unknown) => {
    throw explainFailure(error, { ...near, purpose: 'while connecting' }, 'connecting');
  });
  return { detail: `${says}: ${address} port ${portOf(near.url)}` };
}

/** The host that this machine connects to: the proxy, where one applies. Of its URL the host alone is shown. */
function nearEnd({ url, proxy }: Way): { readonly url: URL; readonly isProxy: boolean; readonly says: string } {
  return proxy
    ? { url: proxy, isProxy: true, says: `by the proxy ${proxy.host}` }
    : { url, isProxy: false, says: hostOf(url) };
}

async function checkProxy(side: Side, subject: Subject): Promise<Finding> {
  const route = await subject.route(side);
  const { url, proxy } = route;
  if (!proxy) return { detail: 'none applies' };
  const limits = await subject.connectLimits();
  await subject.probe.tunnel(route, limits).catch((error: unknown) => {
    const asked = { url: proxy, isProxy: true, purpose: `while asking it for a connection to ${url.host}` };
    throw explainFailure(error, asked, 'waiting');
  });
  return { detail: `${proxy.host} connects to ${url.host} (200)` };
}
