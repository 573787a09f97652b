import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isAlias, parse, parseDocument, type ScalarTag, type Tags, visit } from 'yaml';
import { grants, list, ofType, packagedResources, type Resource, type Resources, same } from './template.ts';

const PATH = 'examples/member-account.yml';
const scalar = (tag: string, resolve: (text: string) => object): ScalarTag => ({ tag, resolve });
/** CloudFormation's short forms, as far as the example uses them. */
const customTags: Tags = [
  scalar('!Ref', (text) => ({ Ref: text })),
  scalar('!Sub', (text) => ({ 'Fn::Sub': text })),
  scalar('!GetAtt', (text) => ({ 'Fn::GetAtt': text.split('.') })),
  { tag: '!Equals', collection: 'seq', resolve: (items) => items },
  { tag: '!And', collection: 'seq', resolve: (items) => items },
];
const text = readFileSync(PATH, 'utf8');
const member: Resources = parse(text, { customTags }).Resources;

/** The pattern of a rule without whose events it takes. */
function patternOf(resources: Resources, rule: string): unknown {
  const { account: _, region, detail, ...pattern } = resources[rule]?.Properties.EventPattern ?? {};
  const { 'repository-name': __, resources: found, ...rest } = detail ?? {};
  const { id: ___, ...kind } = found ?? {};
  return { ...pattern, detail: { ...rest, ...(found && { resources: kind }) } };
}

/** The actions of roles on ECR and Inspector. */
function readingActions(resources: Resources, roles: readonly string[]): readonly string[] {
  const actions = grants(resources)
    .filter(({ role }) => roles.includes(role))
    .flatMap(({ Action }) => list(Action))
    .filter((action) => /^(ecr|inspector2):/.test(action));
  return [...new Set(actions)].sort();
}

test('CloudFormation takes no aliases: the example has none', () => {
  const aliases: string[] = [];
  visit(parseDocument(text, { customTags }), (_, node) => {
    if (isAlias(node)) aliases.push(node.source);
  });
  expect(aliases).toEqual([]);
});

test('what the central rules take is forwarded, and nothing else', () => {
  const central = packagedResources();
  const rules = ofType(central, 'AWS::Events::Rule').flatMap(([id, { Properties }]) =>
    Properties.EventPattern ? id : [],
  );
  expect(rules).toHaveLength(8);
  expect(Object.keys(member).filter((id) => member[id]?.Type === 'AWS::Events::Rule')).toEqual(rules);
  for (const rule of rules) {
    expect(patternOf(member, rule)).toEqual(patternOf(central, rule));
    const [target, ...others] = member[rule]?.Properties.Targets ?? [];
    expect(others).toEqual([]);
    expect(target.Arn['Fn::Sub']).toContain(`\${CentralAccount}:event-bus/default`);
  }
});

test('the reader may do what the functions do to a registry, and nothing else', () => {
  const functions = readingActions(packagedResources(), [
    'ImagePushedRole',
    'ScanCompletedRole',
    'ReconcileRole',
  ]);
  expect(readingActions(member, ['ReaderRole'])).toEqual(functions);
  expect(functions).toContain('ecr:DescribeImageScanFindings');
  const { Condition, Properties } = (member.ReaderBlobs ?? {}) as Resource & { readonly Condition?: string };
  expect(Condition).toBe('MakesReaderBlobs');
  expect(Properties.PolicyDocument.Statement[0].Action).toBe('ecr:GetDownloadUrlForLayer');
  const others = grants(member).filter(({ role }) => role !== 'ReaderRole');
  expect(others.flatMap(({ Action }) => list(Action))).toEqual(['events:PutEvents']);
});

test('the reader trusts the three roles that may take it, under the names that CloudFormation gives them', () => {
  const taking = grants(packagedResources()).filter(({ Action }) => list(Action).includes('sts:AssumeRole'));
  const [statement] = member.ReaderRole?.Properties.AssumeRolePolicyDocument.Statement ?? [];
  const trusted = statement.Condition.ArnLike['aws:PrincipalArn'];
  const names = taking.map(({ role }) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:iam::\${CentralAccount}:role/\${Service}-${role}-*`,
  }));
  expect(names).toHaveLength(3);
  expect(trusted).toEqual(names);
  expect(same(member.ReaderRole?.Properties.RoleName, { 'Fn::Sub': `\${Service}-reader` })).toBe(true);
});
