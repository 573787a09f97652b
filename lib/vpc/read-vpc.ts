import type { STSClient } from '@aws-sdk/client-sts';
import { type Reading, reading } from '../doctor/reading.ts';
import type { EndpointFacts, RouteTableFacts, VpcFacts } from '../troubleshoot/facts.ts';
import { postSigned, type SignedService } from './signed.ts';
import { type Element, itemsOf, readXml, textOf } from './xml.ts';

const VERSION = '2016-11-15';
const ASKS = 'ec2:DescribeVpcEndpoints, ec2:DescribeRouteTables and ec2:DescribeSubnets';

/** The endpoints and the route tables of a VPC, whole. No route tables when there is no such VPC. */
export function readVpc(sts: STSClient, ec2: SignedService, vpc: string): Promise<Reading<VpcFacts>> {
  const ask = (action: string) => describe(sts, ec2, action, vpc);
  return reading(ASKS, async () => {
    const [endpoints, tables, subnets] = await Promise.all([
      ask('DescribeVpcEndpoints'),
      ask('DescribeRouteTables'),
      ask('DescribeSubnets'),
    ]);
    const ids = subnets.flatMap((page) => itemsOf(page, 'subnetSet')).map((it) => textOf(it, 'subnetId'));
    return {
      endpoints: endpoints.flatMap((page) => itemsOf(page, 'vpcEndpointSet')).map(toEndpoint),
      routeTables: withMainSubnets(
        tables.flatMap((page) => itemsOf(page, 'routeTableSet')),
        ids,
      ),
    };
  });
}

/** All pages. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html */
async function describe(
  sts: STSClient,
  ec2: SignedService,
  action: string,
  vpc: string,
): Promise<readonly Element[]> {
  const pages: Element[] = [];
  let token = '';
  do {
    const body = new URLSearchParams({
      Action: action,
      Version: VERSION,
      'Filter.1.Name': 'vpc-id',
      'Filter.1.Value.1': vpc,
      ...(token && { NextToken: token }),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const page = readXml(await postSigned(sts, ec2, headers, body.toString()));
    pages.push(page);
    token = page.children[0] ? textOf(page.children[0], 'nextToken') : '';
  } while (token);
  return pages;
}

function toEndpoint(item: Element): EndpointFacts {
  const policy = textOf(item, 'policyDocument');
  return {
    id: textOf(item, 'vpcEndpointId'),
    service: textOf(item, 'serviceName'),
    type: textOf(item, 'vpcEndpointType'),
    state: textOf(item, 'state'),
    hasPrivateDns: textOf(item, 'privateDnsEnabled') === 'true',
    routeTables: itemsOf(item, 'routeTableIdSet').map(({ text }) => text),
    ...(policy && { policy }),
  };
}

/** A subnet that names no table uses the main one. https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html */
function withMainSubnets(items: readonly Element[], subnets: readonly string[]): readonly RouteTableFacts[] {
  const named = new Set(items.flatMap(subnetsOf));
  return items.map((item) => {
    const isMain = itemsOf(item, 'associationSet').some((it) => textOf(it, 'main') === 'true');
    const wayOut = wayOutOf(item);
    return {
      id: textOf(item, 'routeTableId'),
      subnets: [...subnetsOf(item), ...(isMain ? subnets.filter((it) => !named.has(it)) : [])],
      ...(wayOut && { wayOut }),
    };
  });
}

function subnetsOf(item: Element): readonly string[] {
  return itemsOf(item, 'associationSet').flatMap((it) => textOf(it, 'subnetId') || []);
}

const TARGETS = [
  ...['natGatewayId', 'gatewayId', 'transitGatewayId', 'networkInterfaceId', 'instanceId'],
  ...['vpcPeeringConnectionId', 'localGatewayId', 'carrierGatewayId', 'coreNetworkArn'],
];

/** Where the default route leads to; a blackhole leads nowhere. */
function wayOutOf(item: Element): string | undefined {
  const route = itemsOf(item, 'routeSet').find(
    (it) => textOf(it, 'destinationCidrBlock') === '0.0.0.0/0' && textOf(it, 'state') !== 'blackhole',
  );
  return route && TARGETS.map((target) => textOf(route, target)).find((it) => it !== '');
}
