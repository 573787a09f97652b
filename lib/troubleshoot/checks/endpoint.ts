/** The endpoint service of each cause, without its region. */
const SERVICES = { 'network-api': 'ecr.api', 'network-dkr': 'ecr.dkr', 'network-s3': 's3' } as const;
export type NetworkCause = keyof typeof SERVICES;

/** The command that gives a VPC the endpoint of a cause; of `s3`, in these route tables. */
export function endpointCommand(
  cause: NetworkCause,
  vpc: string,
  region: string,
  routeTables: readonly string[] = ['TABLE'],
): string {
  const service = `--service-name com.amazonaws.${region}.${SERVICES[cause]} --vpc-id ${vpc} --region ${region}`;
  return cause === 'network-s3'
    ? `aws ec2 create-vpc-endpoint --vpc-endpoint-type Gateway ${service} --route-table-ids ${routeTables.join(' ')}`
    : `aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface ${service} --private-dns-enabled --subnet-ids SUBNET --security-group-ids GROUP`;
}
