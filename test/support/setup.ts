import { afterAll } from 'vitest';
import { cleanUp } from './clean-up.ts';

// Runs before each test file. Helpers are loaded once for many files, so they cannot do this themselves.
afterAll(cleanUp);
