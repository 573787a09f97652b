/**
 * Whether an address is in the bucket where ECR keeps the layers of a region, or, for a local stack, on this machine:
 * https, no port, no user. What ECR answers is held to that all the same: a wrong address would be fetched from
 * inside of the account.
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-setting-up-s3-gateway
 */
export function isBlobAddress(address: string, region: string, allowLoopback: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username, password } = new URL(address);
  if (username || password) return false;
  if (allowLoopback && protocol === 'http:' && hostname === '127.0.0.1') return true;
  const bucket = `prod-${region}-starport-layer-bucket.s3.${region}.amazonaws.com`;
  return protocol === 'https:' && port === '' && (hostname === bucket || hostname === `${bucket}.cn`);
}
