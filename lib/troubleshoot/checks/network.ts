import type { ConnectionFacts, Examination } from '../facts.ts';
import { type Finding, findings } from '../finding.ts';
import { endpointCommand, type NetworkCause } from './endpoint.ts';
import { checkNatOfVpc, checkVpc } from './vpc.ts';

/** The three ways that a push or a pull takes: as seen from here, or as the VPC is built. */
export function checkNetwork(examination: Examination): readonly Finding[] {
  const { question, facts } = examination;
  if (question.vpc !== undefined && facts.vpc) return checkVpc(question, question.vpc, facts.vpc);
  const ways = [
    ['network-api', facts.api],
    ['network-dkr', facts.dkr],
    ['network-s3', facts.s3],
  ] as const;
  return ways.flatMap(([cause, connection]) =>
    connection ? [checkConnection(cause, connection, question.region)] : [],
  );
}

/** Whether there is a way out of the network, for names that resolve to public addresses. */
export function checkNat({ question, facts }: Examination): readonly Finding[] {
  if (question.vpc !== undefined && facts.vpc) return checkNatOfVpc(question, facts.vpc);
  const on = findings('nat');
  const open = [facts.api, facts.dkr, facts.s3].filter(
    (it) => it !== undefined && it.addresses.length > 0 && !it.isPrivate && !it.isProxied,
  );
  if (open.length === 0) return [];
  if (open.some((it) => it?.error === undefined)) return [on.ok('public addresses are reached')];
  return [
    on.fault(
      `No public address is reached from here (${open.map((it) => it?.error).join(', ')}): no route to a NAT gateway, a task without a public address, or a firewall.`,
      `aws ec2 create-route --route-table-id TABLE --destination-cidr-block 0.0.0.0/0 --nat-gateway-id NAT --region ${question.region}; for Fargate in a public subnet: assignPublicIp ENABLED`,
    ),
  ];
}

function checkConnection(
  cause: NetworkCause,
  { host, addresses, isPrivate, error, isProxied }: ConnectionFacts,
  region: string,
): Finding {
  const on = findings(cause);
  const [address = ''] = addresses;
  if (error !== undefined && isProxied)
    return on.unknown(`${host} does not answer directly (${error}); HTTPS_PROXY is set, which was not tried`);
  if (addresses.length === 0)
    return on.fault(
      `${host} does not resolve here (${error ?? 'no address'}): no DNS, a VPC with DNS support off, or no such region.`,
      'aws ec2 modify-vpc-attribute --vpc-id VPC --enable-dns-support Value=true; the same with --enable-dns-hostnames',
    );
  const where = isPrivate ? `a private address (${address}): an endpoint` : `a public address (${address})`;
  if (error === undefined) return on.ok(`${host} answers at ${where}`);
  return on.fault(
    `${host} is ${where}, and does not answer: ${error}.`,
    wayIn(cause, isPrivate, error, region),
  );
}

function wayIn(cause: NetworkCause, isPrivate: boolean, error: string, region: string): string {
  if (/CERT|SIGN|SSL|TLS|EPROTO/.test(error))
    return 'a proxy stands between and shows a certificate of its own: trust it here (NODE_EXTRA_CA_CERTS) and for docker in /etc/docker/certs.d';
  if (isPrivate)
    return `aws ec2 authorize-security-group-ingress --group-id GROUP-OF-THE-ENDPOINT --protocol tcp --port 443 --cidr CIDR-OF-THE-VPC --region ${region}`;
  return endpointCommand(cause, 'VPC', region);
}
