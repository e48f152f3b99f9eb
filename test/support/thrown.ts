import { InstaMedError } from '../../src/domain/errors.ts';

/** The expected trouble that a function throws; one that throws nothing, or something else, fails the test. */
export function thrownBy(run: () => unknown): InstaMedError {
  try {
    run();
  } catch (error) {
    if (error instanceof InstaMedError) return error;
    throw error;
  }
  throw new TypeError('Nothing was thrown.');
}
