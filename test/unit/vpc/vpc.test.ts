import { createHash, createHmac } from 'node:crypto';
import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readVpc } from '../../../lib/vpc/read-vpc.ts';
import { postSigned } from '../../../lib/vpc/signed.ts';
import { itemsOf, readXml, textOf, within } from '../../../lib/vpc/xml.ts';
import { type LocalRequest, type LocalResponse, serve } from '../../../local/http.ts';
import { loopback } from '../../doubles/loopback.ts';

async function serving(respond: (request: LocalRequest) => LocalResponse) {
  const endpoint = await serve(respond);
  onTestFinished(() => endpoint.close());
  return {
    sts: new STSClient(loopback(endpoint.url)),
    ec2: { name: 'ec2', region: 'eu-west-1', endpoint: endpoint.url },
  };
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The signature that a request has to have, by the rules and by nobody's code. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf({ method, headers, body }: LocalRequest, secret: string): string {
  const [, day = '', region = '', service = '', signed = ''] =
    /Credential=[^/]+\/(\d+)\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+)/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const lines = signed
    .split(';')
    .map((name) => `${name}:${headers[name]}\n`)
    .join('');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const canonical = [method, '/', '', lines, signed, sha256(body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

describe('a signed request', () => {
  test('has the signature that the rules say, for its service', async () => {
    const seen: LocalRequest[] = [];
    const { sts, ec2 } = await serving((request) => {
      seen.push(request);
      return { status: 200, body: '<ok/>' };
    });
    const body = 'Action=DescribeSubnets&Version=2016-11-15';
    await postSigned(sts, ec2, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body);
    const [request] = seen;
    if (!request) throw new Error('nothing was asked');
    expect(request).toMatchObject({ method: 'POST', path: '/', body });
    expect(request.headers.authorization).toContain('/eu-west-1/ec2/aws4_request');
    expect(request.headers.authorization).toMatch(new RegExp(`Signature=${signatureOf(request, 'local')}$`));
  });

  test.each([
    [
      '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>',
      'UnauthorizedOperation',
    ],
    ['{"__type":"com.amazonaws.kms#NotFoundException","message":"no"}', 'NotFoundException'],
    ['nonsense', 'HTTP 400'],
  ])('a refusal %s is an error of that name', async (body, name) => {
    const { sts, ec2 } = await serving(() => ({ status: 400, body }));
    await expect(postSigned(sts, ec2, {}, '')).rejects.toMatchObject({ name });
  });
});

test('EC2’s XML', () => {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeThingsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><thingSet>
  <item><thingId>a&amp;b &quot;&#65;&#x42;&quot;</thingId><tagSet/><empty></empty></item><item><thingId>c</thingId></item>
</thingSet></DescribeThingsResponse>`;
  const items = itemsOf(readXml(text), 'thingSet');
  expect(items.map((it) => textOf(it, 'thingId'))).toEqual(['a&b "AB"', 'c']);
  expect(items.map((it) => textOf(it, 'empty'))).toEqual(['', '']);
  expect(itemsOf(readXml(text), 'otherSet')).toEqual([]);
  expect(within(readXml('<a><b>1</a>'), 'b')?.text).toBe('1');
});

test('a VPC is read whole: pages, the main table’s subnets, and where the default routes lead', async () => {
  const table = (id: string, associations: string, routes: string) =>
    `<item><routeTableId>${id}</routeTableId><routeSet>${routes}</routeSet><associationSet>${associations}</associationSet></item>`;
  const route = (target: string, state = 'active') =>
    `<item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>${target}<state>${state}</state></item>`;
  const tables = [
    table(
      'rtb-main',
      '<item><main>true</main></item>',
      route('<natGatewayId>nat-1</natGatewayId>', 'blackhole'),
    ),
    table(
      'rtb-2',
      '<item><main>false</main><subnetId>subnet-2</subnetId></item>',
      route('<gatewayId>igw-1</gatewayId>'),
    ),
  ];
  const pages: Readonly<Record<string, readonly string[]>> = {
    DescribeVpcEndpoints: ['<vpcEndpointSet/>'],
    DescribeSubnets: ['1', '2'].map(
      (it) => `<subnetSet><item><subnetId>subnet-${it}</subnetId></item></subnetSet>`,
    ),
    DescribeRouteTables: tables.map((it) => `<routeTableSet>${it}</routeTableSet>`),
  };
  const { sts, ec2 } = await serving(({ body }) => {
    const asked = new URLSearchParams(body);
    const action = asked.get('Action') ?? '';
    expect(asked.get('Filter.1.Value.1')).toBe('vpc-1');
    const nth = Number(asked.get('NextToken') ?? 0);
    const next = nth + 1 < (pages[action]?.length ?? 0) ? `<nextToken>${nth + 1}</nextToken>` : '';
    return { status: 200, body: `<${action}Response>${pages[action]?.[nth]}${next}</${action}Response>` };
  });
  expect(await readVpc(sts, ec2, 'vpc-1')).toEqual({
    state: 'found',
    value: {
      endpoints: [],
      routeTables: [
        { id: 'rtb-main', subnets: ['subnet-1'] },
        { id: 'rtb-2', subnets: ['subnet-2'], wayOut: 'igw-1' },
      ],
    },
  });
});
