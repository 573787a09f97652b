import { expect } from 'vitest';
import { createFunction, invoke } from '../function.ts';
import type { Gap } from './gap.ts';

export const FUNCTION_GAPS: readonly Gap[] = [
  [
    'a runtime nodejs24.x',
    'the first node of the PATH',
    expect.stringMatching(/^v(22|24|2[5-9]|[3-9]\d)\./),
    async ({ lambda }) => {
      await createFunction(lambda, 'version', 'index.js', 'async () => process.version');
      return invoke(lambda, 'version');
    },
  ],
  [
    'a handler in a file .cjs',
    'not looked at',
    expect.objectContaining({ errorMessage: expect.stringContaining('Cannot find module') }),
    async ({ lambda }) => {
      await createFunction(lambda, 'cjs', 'index.cjs', 'async () => 1');
      return invoke(lambda, 'cjs');
    },
  ],
  [
    'errorType of a TypeError',
    'Runtime.HandlerError',
    expect.objectContaining({ errorType: 'Runtime.HandlerError', errorMessage: 'no' }),
    async ({ lambda }) => {
      await createFunction(lambda, 'throws', 'index.js', `async () => { throw new TypeError('no'); }`);
      return invoke(lambda, 'throws');
    },
  ],
];
