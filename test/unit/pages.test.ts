import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../lib/errors.ts';
import { monitorsPage, runbookUrl } from '../../lib/pages.ts';

describe('the runbook', () => {
  test.each([
    'https://wiki.example.com',
    'https://wiki.example.com:8443/a/b?c=d#e',
    'https://w.example/a%20b',
  ])('%s', (url) => {
    expect(runbookUrl({ SCAN_RESPONSE_RUNBOOK_URL: url })).toBe(url);
  });

  test.each([
    'http://wiki.example.com',
    'javascript:alert(1)',
    'https://user@wiki.example.com/',
    'https://wiki.example.com/)[x](https://evil.example',
    'https://wiki.example.com/%%%',
    'https://wiki.example.com/a b',
    `https://wiki.example.com/${'a'.repeat(500)}`,
  ])('%s is refused', (url) => {
    expect(() => runbookUrl({ SCAN_RESPONSE_RUNBOOK_URL: url })).toThrow(ConfigError);
  });

  test('is off when nobody set it', () => {
    expect(runbookUrl({ SCAN_RESPONSE_RUNBOOK_URL: '' })).toBeUndefined();
  });
});

test.each([
  ['', undefined],
  ['datadoghq.com', 'app.datadoghq.com'],
  ['datadoghq.eu', 'app.datadoghq.eu'],
  ['ddog-gov.com', 'app.ddog-gov.com'],
  ['us5.datadoghq.com', 'us5.datadoghq.com'],
])('the site %j has its pages at %s', (site, host) => {
  const page = host && `https://${host}/monitors/manage?q=tag%3Amanaged_by%3Ascan-response`;
  expect(monitorsPage({ SCAN_RESPONSE_DATADOG_SITE: site })).toBe(page);
});

test('a site that Datadog does not have is refused', () => {
  expect(() => monitorsPage({ SCAN_RESPONSE_DATADOG_SITE: 'evil.example' })).toThrow(ConfigError);
});
