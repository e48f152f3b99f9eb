/** `+` and valid `%XX` decoded; a stray `%`, and bytes that are not UTF-8, left as they came. */
export function decodeForm(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}
