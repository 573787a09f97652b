import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { CHECK_IDS, checkOf } from '../../lib/audit/catalogue.ts';
import { findingAt } from '../../lib/audit/finding.ts';
import { auditCommand } from '../../lib/cli/audit.ts';
import { sarifLog } from '../../lib/cli/audit-sarif.ts';
import { flag } from '../../lib/cli/options.ts';
import { aStockRepository } from '../doubles/audited-registry.ts';
import { actionsOf } from './actions.ts';
import { callsOf } from './calls.ts';
import { registryResources } from './evaluate.ts';

const page = readFileSync('docs/audit.md', 'utf8');
const rows = [...page.matchAll(/^\| `([a-z-]+)` \| ([A-Z]+) \| (.+?) \| (.+?) \| \[[^\]]+\]\((\S+)\) \|$/gm)];

test('docs/audit.md has a row for each check, with its severity, its meaning and its source', () => {
  const said = rows.map(([, id, severity, says, , source]) => ({ id, severity, says, source }));
  const known = CHECK_IDS.map((id) => {
    const { severity, says, source, needsLineage } = checkOf(id);
    return { id, severity, says: `${says}${needsLineage ? ' (needs the lineage)' : ''}`, source };
  });
  expect(said).toEqual(known);
});

test('docs/audit.md has the rights that the audit calls for, and no others', async () => {
  const called = (await callsOf('../lib/services/audit')).flatMap(actionsOf);
  const [, section = ''] = page.split('## Rights');
  const named = [...(section.split('\n## ')[0] ?? '').matchAll(/`([a-z0-9]+:[A-Za-z]+)`/g)].map(
    ([, it]) => it,
  );
  expect([...new Set(named)].sort()).toEqual([...new Set(called)].sort());
});

test('the audit calls nothing that changes anything', async () => {
  const called = (await callsOf('../lib/services/audit')).flatMap(actionsOf);
  const reads = /^(sts:AssumeRole|[a-z0-9]+:(Describe|Get|List|Query|BatchGet)[A-Za-z]*)$/;
  expect(called.length).toBeGreaterThan(6);
  expect(called.filter((action) => !reads.test(action))).toEqual([]);
});

test('docs/audit.md has every option', () => {
  for (const name of Object.keys(auditCommand.options)) {
    if (name !== 'region') expect(page).toContain(`\`--${flag(name)}`);
  }
});

/** What SARIF 2.1.0 asks of the parts that we write: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
const text = { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } };
const closed = { type: 'object', additionalProperties: false };
const SARIF = {
  ...closed,
  required: ['version', 'runs'],
  properties: {
    $schema: { type: 'string', format: 'uri' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      items: {
        ...closed,
        required: ['tool'],
        properties: {
          tool: {
            ...closed,
            required: ['driver'],
            properties: {
              driver: {
                ...closed,
                required: ['name'],
                properties: {
                  name: { type: 'string' },
                  rules: { type: 'array', uniqueItems: true, items: ruleSchema() },
                },
              },
            },
          },
          invocations: {
            type: 'array',
            items: {
              ...closed,
              required: ['executionSuccessful'],
              properties: { executionSuccessful: { type: 'boolean' } },
            },
          },
          results: { type: 'array', items: resultSchema() },
        },
      },
    },
  },
};

function ruleSchema() {
  return {
    ...closed,
    required: ['id'],
    properties: {
      id: { type: 'string' },
      shortDescription: text,
      helpUri: { type: 'string', format: 'uri' },
      defaultConfiguration: {
        ...closed,
        properties: { level: { enum: ['none', 'note', 'warning', 'error'] } },
      },
      properties: { type: 'object', properties: { tags: { type: 'array', items: { type: 'string' } } } },
    },
  };
}

function resultSchema() {
  const region = { ...closed, properties: { startLine: { type: 'integer', minimum: 1 } } };
  const artifactLocation = { ...closed, properties: { uri: { type: 'string', format: 'uri-reference' } } };
  return {
    ...closed,
    required: ['message'],
    properties: {
      ruleId: { type: 'string' },
      ruleIndex: { type: 'integer', minimum: -1 },
      level: { enum: ['none', 'note', 'warning', 'error'] },
      message: text,
      locations: {
        type: 'array',
        items: {
          ...closed,
          properties: {
            physicalLocation: {
              ...closed,
              required: ['artifactLocation'],
              properties: { artifactLocation, region },
            },
            logicalLocations: {
              type: 'array',
              items: {
                ...closed,
                properties: { fullyQualifiedName: { type: 'string' }, kind: { type: 'string' } },
              },
            },
          },
        },
      },
      properties: { type: 'object' },
    },
  };
}

test('the SARIF is SARIF 2.1.0, and each result names its rule', async () => {
  const { default: formats } = await import('ajv-formats');
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  (formats as unknown as (to: Ajv2020) => void)(ajv);
  const place = { account: '111122223333', region: 'eu-west-1' };
  const findings = CHECK_IDS.map((id) =>
    findingAt({ ...place, ...(id !== 'scan-unheard' && { name: 'prod/api' }) }, id, {
      reason: 'Why.',
      fix: 'how',
    }),
  );
  const log = JSON.parse(JSON.stringify(sarifLog(findings, true)));
  const isSarif = ajv.compile(SARIF);
  expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
  expect(isSarif({ ...log, version: '2.0.0' })).toBe(false);
  const [{ tool, results }] = log.runs;
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
  expect(results.map((it: { ruleId: string }) => it.ruleId)).toEqual(CHECK_IDS);
});

test('the registry in which the audit finds nothing is set up as the production profile of the template', async () => {
  const made = await registryResources({
    repositories: 'prod/api',
    repositoryPullers: 'ecsTaskExecutionRole',
  });
  const { Properties: profile } = made.RepositoryProdSlashapi ?? expect.fail('no such repository');
  const played = aStockRepository('prod/api');
  const filters = profile.ImageTagMutabilityExclusionFilters as readonly Record<string, string>[];
  const allowedBy = (policy: unknown) =>
    [...(policy as { Statement: [{ Action: string[] }] }).Statement[0].Action].sort();
  expect({ ...played, images: [], policy: allowedBy(played.policy) }).toEqual({
    ...{ name: 'prod/api', images: [], mutability: profile.ImageTagMutability },
    exclusions: filters.map((it) => it.ImageTagMutabilityExclusionFilterValue),
    hasLifecycle: profile.LifecyclePolicy !== undefined,
    policy: allowedBy(profile.RepositoryPolicyText),
  });
});
