import { onTestFinished } from 'vitest';

/** The warnings of this name that Node gives from now to the end of the test; it would print each of them on stderr. */
export function noteWarnings(name: string): readonly Error[] {
  const warnings: Error[] = [];
  const note = (warning: Error) => {
    if (warning.name === name) warnings.push(warning);
  };
  process.on('warning', note);
  onTestFinished(() => {
    process.off('warning', note);
  });
  return warnings;
}
