import { describe, expect, test } from 'vitest';
import { isBlobAddress } from '../../../lib/registry/blob-address.ts';

const BUCKET = 'prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com';

test.each([
  `https://${BUCKET}/a/b?X-Amz-Signature=c`,
  `https://${BUCKET}:443/a`,
  `https://${BUCKET.toUpperCase()}/a`,
  `https://${BUCKET}.cn/a`,
])('%s is where ECR keeps layers', (address) => {
  expect(isBlobAddress(address, 'eu-west-1', false)).toBe(true);
});

describe('everything else is refused', () => {
  test.each([
    ['no address', 'layers'],
    ['nothing', ''],
    ['without TLS', `http://${BUCKET}/a`],
    ['another port', `https://${BUCKET}:8443/a`],
    ['a user', `https://ecr@${BUCKET}/a`],
    ['a password', `https://:secret@${BUCKET}/a`],
    ['another region', `https://${BUCKET.replaceAll('eu-west-1', 'us-east-1')}/a`],
    ['a bucket of somebody', `https://${BUCKET.replace('prod', 'my-prod')}/a`],
    ['a host that begins alike', `https://${BUCKET}.evil.example/a`],
    ['a host that ends alike', `https://evil.example/${BUCKET}`],
    ['the bucket as a user', `https://${BUCKET}@evil.example/a`],
    ['instance metadata', 'http://169.254.169.254/latest/meta-data'],
    ['a file', 'file:///etc/passwd'],
    ['this machine', 'http://127.0.0.1:8080/a'],
  ])('%s', (_, address) => {
    expect(isBlobAddress(address, 'eu-west-1', false)).toBe(false);
  });

  test.each([
    ['http://127.0.0.1:8080/a', true],
    [`https://${BUCKET}/a`, true],
    ['http://localhost:8080/a', false],
    ['http://127.0.0.1.evil.example/a', false],
    ['https://127.0.0.1:8080/a', false],
    ['http://user@127.0.0.1:8080/a', false],
  ])('on a local stack %s: %s', (address, allowed) => {
    expect(isBlobAddress(address, 'eu-west-1', true)).toBe(allowed);
  });
});
