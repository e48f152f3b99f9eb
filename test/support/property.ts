import fc from 'fast-check';
import { test } from 'vitest';

/**
 * A test that a property holds for many generated inputs. They are the same in every run; to explore, set PROPERTY_SEED to
 * another number and PROPERTY_RUNS to the number of inputs of each property. A failure prints its seed: with that seed (and
 * as many runs) it comes again. `afterAll` checks what the inputs came to, taken together.
 */
export function holds<Ts>(
  sentence: string,
  runs: number,
  property: fc.IRawProperty<Ts>,
  afterAll: () => void = () => {},
): void {
  const seed = Number(process.env['PROPERTY_SEED'] || 20_261_122);
  const numRuns = Number(process.env['PROPERTY_RUNS'] || runs);
  const check = async () => {
    await fc.assert(property, { seed, numRuns });
    afterAll();
  };
  test(sentence, check, 120_000);
}

/** Text of any UTF-16 units, lone surrogates and controls included; more often of the characters that mean something. */
export function textOf(special: readonly string[], maxLength = 40): fc.Arbitrary<string> {
  const unit = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...special) },
    { weight: 2, arbitrary: fc.string({ minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) },
  );
  return fc.array(unit, { maxLength }).map((units) => units.join(''));
}

/** A word in any mixture of capitals and small letters. */
export const inAnyCase = (word: string): fc.Arbitrary<string> => fc.mixedCase(fc.constant(word));
