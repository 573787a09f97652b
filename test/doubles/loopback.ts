/** How a client of AWS's asks an endpoint of this machine: once for each call, so that requests can be counted. */
export function loopback(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 };
}
