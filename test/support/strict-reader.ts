import { SaxesParser, type SaxesTagNS } from 'saxes';

/** What a reply says, as a second reader sees it; null where it is no reply that counts. */
export type Reading =
  | { readonly kind: 'result'; readonly text: string }
  | { readonly kind: 'fault'; readonly code: string; readonly text: string }
  | null;

interface Tree {
  readonly tag: SaxesTagNS;
  readonly children: Tree[];
  text: string;
}

const envelopes = ['http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'];
const service = 'http://tempuri.org/';

/** Reads a status reply with a conforming parser that checks namespaces, by the protocol's rules and with no code of src/. */
export function readStrictly(xml: string): Reading {
  const root = parse(xml);
  if (!root || !isSoap(root, 'Envelope')) return null;
  const bodies = root.children.filter((child) => isSoap(child, 'Body'));
  const body = bodies[0];
  if (!body || bodies.length > 1) return null;
  const fault = body.children.find((child) => isSoap(child, 'Fault'));
  return fault ? readFault(fault) : readResult(body);
}

function readResult(body: Tree): Reading {
  const response = body.children[0];
  if (!response || body.children.length > 1 || !isOfService(response, 'GetSSOTokenStatusResponse')) return null;
  const result = response.children[0];
  if (!result || response.children.length > 1 || !isOfService(result, 'GetSSOTokenStatusResult')) return null;
  return result.children.length > 0 || result.text.trim() === '' ? null : { kind: 'result', text: result.text };
}

function readFault(fault: Tree): Reading {
  const find = (tree: Tree | undefined, local: string) => tree?.children.find(({ tag }) => tag.local === local);
  const code = find(fault, 'faultcode') ?? find(find(fault, 'Code'), 'Value');
  const text = find(fault, 'faultstring') ?? find(find(fault, 'Reason'), 'Text');
  return { kind: 'fault', code: (code?.text ?? '').trim(), text: (text?.text ?? '').trim() };
}

const isSoap = ({ tag }: Tree, local: string) => tag.local === local && envelopes.includes(tag.uri);
const isOfService = ({ tag }: Tree, local: string) => tag.local === local && tag.uri === service;

/** The root element; null where the text is not well-formed, is nothing, or has a document type. */
function parse(xml: string): Tree | null {
  const parser = new SaxesParser({ xmlns: true });
  const open: Tree[] = [];
  let root: Tree | null = null;
  let isRefused = false;
  parser.on('error', () => {
    isRefused = true;
  });
  parser.on('doctype', () => {
    isRefused = true;
  });
  parser.on('opentag', (tag) => {
    const tree: Tree = { tag, children: [], text: '' };
    open.at(-1)?.children.push(tree);
    open.push(tree);
    root ??= tree;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  const addText = (text: string) => {
    const inside = open.at(-1);
    if (inside) inside.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(xml).close();
  return isRefused ? null : root;
}
