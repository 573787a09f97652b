import { describe, expect, test } from 'vitest';
import { commandFor, linkTo, type Route, readRoute } from '../../../../lib/console/page/route.ts';
import { VECTORS } from '../../../hostile/vectors.ts';

const ROUTES: readonly Route[] = [
  { view: 'home' },
  { view: 'ask', subject: 'demo-api:latest' },
  { view: 'ask', subject: 'a/b@{yesterday 03:10}~1', at: '2026-11-20 03:10', as: 'service' },
  { view: 'diff', older: 'a:b~1', newer: 'a:b@{2026-11-20T03:10:00Z}' },
  { view: 'cve', id: 'CVE-2026-1' },
  { view: 'cve', id: 'CVE-2026-1', from: '3h ago', to: 'now' },
];

describe('what is to be seen', () => {
  test.each(ROUTES.map((route) => [linkTo(route), route]))('%s', (link, route) => {
    expect(readRoute(link)).toEqual(route);
  });

  test.each(VECTORS.filter(({ text }) => text !== '' && text.isWellFormed()))(
    '$name comes back as it went',
    ({ text }) => {
      const route: Route = { view: 'ask', subject: text, at: text };
      expect(readRoute(linkTo(route))).toEqual(route);
    },
  );

  test.each(['', '#', '#/', '#/nowhere/x', '#/ask', '#/diff/only-one', '#/ask/', '#%', '#/cve'])(
    '%j is the first view',
    (hash) => {
      expect(readRoute(hash)).toEqual({ view: 'home' });
    },
  );

  test('half of an escape is taken as it is', () => {
    expect(readRoute('#/ask/%E0%A4%A')).toEqual({ view: 'ask', subject: '%E0%A4%A' });
  });
});

describe('the same question in a terminal', () => {
  test.each<[string | undefined, Route]>([
    ['scan-response repositories', { view: 'home' }],
    ['scan-response who demo-api:latest', { view: 'ask', subject: 'demo-api:latest' }],
    [
      "scan-response who 'a:b@{1}' --at 'yesterday 03:10'",
      { view: 'ask', subject: 'a:b@{1}', at: 'yesterday 03:10' },
    ],
    ["scan-response diff 'a:b~1' a:b", { view: 'diff', older: 'a:b~1', newer: 'a:b' }],
    ["scan-response who ''\\''; rm -rf /'", { view: 'ask', subject: "'; rm -rf /" }],
    ["scan-response who '$(id)`id`'", { view: 'ask', subject: '$(id)`id`' }],
  ])('%s', (command, route) => {
    expect(commandFor(route)).toBe(command);
  });
});
