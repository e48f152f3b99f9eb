import type { InstaMedError } from './errors.ts';

/** Errors that the service reports in words. Only for these is it telling that they are the same again. */
const reported: readonly string[] = ['SOAP_FAULT', 'ERROR_TEXT'];

/** What is the same of an error each time the service reports it; null where nothing was reported in words. */
export function answerOf({ code, message }: InstaMedError): string | null {
  if (!reported.includes(code)) return null;
  const words = message.split(/\s+|(?<=[=:#([{"'])/);
  return [code, ...words.filter((word, i) => !varies(word, words[i - 1] ?? ''))].join(' ').toLowerCase();
}

/** A number after one of these says which error it is. */
const numbersErrors = /^\W*(?:error|errors|code|errorcode|status|fault|hresult|sqlstate|state)\W*$/i;

/** What follows one of these identifies the request, even where it has no digit. */
const identifies = /(?:^|\W)(?:number|no|id|ref|reference|ticket|incident|correlation|trace|request|session)\W*$/i;

/** Numbers, times, GUIDs and references are new each time. */
function varies(word: string, before: string): boolean {
  if (/\d/.test(word)) return !numbersErrors.test(before);
  return identifies.test(before) && (/[:=#]$/.test(before) || /^\W*[A-Z]{4,}\W*$/.test(word));
}
