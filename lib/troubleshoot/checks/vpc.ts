import { permits, statementsOf } from '../../doctor/policy.ts';
import type { Reading } from '../../doctor/reading.ts';
import type { EndpointFacts, Question, RouteTableFacts, VpcFacts } from '../facts.ts';
import { type Finding, findings } from '../finding.ts';
import { layerBucket, layersArn } from '../place.ts';
import { endpointCommand } from './endpoint.ts';

type InVpc = Pick<Question, 'region' | 'direction'>;

/**
 * Whether every subnet of a VPC has a way to the registry and the layers: an endpoint, or a route out. Security groups
 * and network ACLs are not read; running this command inside of a task tells what they let through.
 */
export function checkVpc(question: InVpc, vpc: string, reading: Reading<VpcFacts>): readonly Finding[] {
  const causes = question.direction === 'pull' ? INTERFACES_AND_S3 : INTERFACES;
  if (reading.state !== 'found') return causes.map((cause) => findings(cause).unread(reading));
  if (reading.value.routeTables.length === 0)
    return causes.map((cause) => findings(cause).unknown(`there is no ${vpc} in ${question.region}`));
  return causes.map((cause) =>
    cause === 'network-s3'
      ? checkLayers(question, vpc, reading.value)
      : checkInterface(cause, question, vpc, reading.value),
  );
}

const INTERFACES = ['network-api', 'network-dkr'] as const;
const INTERFACES_AND_S3 = [...INTERFACES, 'network-s3'] as const;

/** Whether the route tables lead out; one that does not needs all of the endpoints. */
export function checkNatOfVpc(question: InVpc, reading: Reading<VpcFacts>): readonly Finding[] {
  const on = findings('nat');
  if (reading.state !== 'found') return [on.unread(reading)];
  const closed = closedTables(reading.value);
  const open = inUse(reading.value).filter((it) => it.wayOut !== undefined);
  const gateways = [...new Set(open.flatMap(({ wayOut }) => wayOut ?? []))].join(', ');
  if (closed.length === 0 && gateways.split(', ').some((it) => it.startsWith('igw-')))
    return [
      on.ok(
        `every route table leads out (${gateways}); through an internet gateway only with a public address`,
      ),
    ];
  if (closed.length === 0) return [on.ok(`every route table leads out (${gateways})`)];
  const { endpoints } = reading.value;
  const needed = question.direction === 'pull' ? ['ecr.api', 'ecr.dkr', 's3'] : ['ecr.api', 'ecr.dkr'];
  const lacks = needed.filter((service) => !endpoints.some((it) => isOf(it, service)));
  if (lacks.length === 0)
    return [on.ok(`${named(closed)} has no way out, and needs none: the endpoints are there`)];
  return [
    on.fault(
      `${named(closed)} leads nowhere (no NAT gateway), and the VPC has no endpoint ${lacks.join(', ')}.`,
      `aws ec2 create-route --route-table-id ${closed[0]?.id} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id NAT --region ${question.region}; or the endpoints`,
    ),
  ];
}

function checkInterface(
  cause: (typeof INTERFACES)[number],
  { region }: InVpc,
  vpc: string,
  facts: VpcFacts,
): Finding {
  const on = findings(cause);
  const service = cause === 'network-api' ? 'ecr.api' : 'ecr.dkr';
  const own = facts.endpoints.filter((it) => isOf(it, service));
  const ready = own.filter(({ state }) => state.toLowerCase() === 'available');
  const [first] = own;
  if (ready.some(({ hasPrivateDns }) => hasPrivateDns))
    return on.ok(`the endpoint ${service} is there, with private DNS`);
  const closed = closedTables(facts);
  if (closed.length === 0 && !first) return on.ok(`no endpoint ${service}, and every route table leads out`);
  const without = `subnets of ${named(closed)} have no other way out`;
  if (!first)
    return on.fault(
      `The VPC has no endpoint ${service}, and ${without}.`,
      endpointCommand(cause, vpc, region),
    );
  const report = closed.length > 0 ? on.fault : on.warning;
  if (ready.length === 0)
    return report(
      `The endpoint ${first.id} (${service}) is not available: ${first.state}.`,
      `aws ec2 describe-vpc-endpoints --vpc-endpoint-ids ${first.id} --region ${region}`,
    );
  return report(
    `The endpoint ${first.id} (${service}) has no private DNS: docker and ECS ask for the public name.`,
    `aws ec2 modify-vpc-endpoint --vpc-endpoint-id ${first.id} --private-dns-enabled --region ${region}`,
  );
}

function checkLayers({ region }: InVpc, vpc: string, facts: VpcFacts): Finding {
  const on = findings('network-s3');
  const own = facts.endpoints.filter((it) => isOf(it, 's3') && it.state.toLowerCase() === 'available');
  const shut = own.find(({ policy }) => policy !== undefined && !letsLayersOut(policy, region));
  if (shut)
    return on.fault(
      `The policy of the endpoint ${shut.id} (s3) leaves out the bucket of the layers, ${layerBucket(region)}.`,
      `{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "${layersArn(region).replace(/any$/, '*')}"} in its policy`,
    );
  if (own.some(({ type, hasPrivateDns }) => type === 'Interface' && hasPrivateDns))
    return on.ok('the interface endpoint s3 is there, with private DNS');
  const routed = new Set(own.flatMap(({ routeTables }) => routeTables));
  const closed = closedTables(facts).filter(({ id }) => !routed.has(id));
  if (closed.length === 0)
    return on.ok(
      own.length > 0 ? 'the endpoint s3 is there' : 'no endpoint s3, and every route table leads out',
    );
  const [gateway] = own.filter(({ type }) => type === 'Gateway');
  return gateway
    ? on.fault(
        `The endpoint ${gateway.id} (s3) is not in ${named(closed)}, which leads nowhere else.`,
        `aws ec2 modify-vpc-endpoint --vpc-endpoint-id ${gateway.id} --add-route-table-ids ${closed.map(({ id }) => id).join(' ')} --region ${region}`,
      )
    : on.fault(
        `The VPC has no endpoint s3, and subnets of ${named(closed)} have no other way out.`,
        endpointCommand(
          'network-s3',
          vpc,
          region,
          closed.map(({ id }) => id),
        ),
      );
}

function letsLayersOut(policy: string, region: string): boolean {
  return permits(statementsOf(policy), 's3:GetObject', layersArn(region));
}

function isOf({ service }: EndpointFacts, name: string): boolean {
  return service.endsWith(`.${name}`);
}

function inUse({ routeTables }: VpcFacts): readonly RouteTableFacts[] {
  return routeTables.filter(({ subnets }) => subnets.length > 0);
}

function closedTables(facts: VpcFacts): readonly RouteTableFacts[] {
  return inUse(facts).filter(({ wayOut }) => wayOut === undefined);
}

function named(tables: readonly RouteTableFacts[]): string {
  return tables.map(({ id }) => id).join(', ');
}
