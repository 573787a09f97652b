import { expect, test } from 'vitest';
import { ofServerError, withoutAnswer } from '../../../lib/delivery/lost-answer.ts';

test.each([
  ['ECONNREFUSED', { state: 'refused', why: 'no connection to Slack: ECONNREFUSED' }],
  ['ENOTFOUND', { state: 'refused', why: 'no connection to Slack: ENOTFOUND' }],
  ['ECONNRESET', { state: 'unknown', why: 'the connection to Slack broke: ECONNRESET' }],
  ['', { state: 'unknown', why: 'the connection to Slack broke' }],
  ['https://hooks.slack.com/hush', { state: 'unknown', why: 'the connection to Slack broke' }],
])('without an answer, with the code %j', (code, outcome) => {
  expect(withoutAnswer('Slack', code)).toEqual(outcome);
});

test.each([
  [499, undefined],
  [500, 'refused'],
  [501, 'unknown'],
  [502, 'unknown'],
  [503, 'refused'],
  [504, 'unknown'],
  [522, 'unknown'],
])('an answer of %i is %s', (status, state) => {
  expect(ofServerError(status, 'why')?.state).toBe(state);
});
