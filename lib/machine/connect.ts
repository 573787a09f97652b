import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { BlockList, connect as connectPlain, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionFacts } from '../troubleshoot/facts.ts';

/** Where a VPC's endpoints are: RFC 1918, shared addresses (RFC 6598), loopback and unique local ones (RFC 4193). */
const NETWORKS = [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
] as const;

/** How long a name may take to resolve, and a host to shake hands. */
export interface ConnectPatience {
  readonly timeoutMs: number;
}

/**
 * Resolves a host as this machine does, connects to its port 443 and shakes hands. Never throws: what went wrong is
 * said as Node's code. `standIn` is connected to instead, without TLS where it says
 * `http:`; only for tests.
 */
export async function connect(
  host: string,
  { timeoutMs }: ConnectPatience,
  standIn?: URL,
): Promise<ConnectionFacts> {
  try {
    const found = await inTime(lookup(standIn?.hostname ?? host, { all: true }), timeoutMs);
    const addresses = found.map(({ address }) => address);
    const isPrivate = addresses.every(isPrivateAddress);
    const error = await handshake(host, timeoutMs, standIn);
    return { host, addresses, isPrivate, ...(error && { error }) };
  } catch (error) {
    return { host, addresses: [], isPrivate: false, error: codeOf(error) };
  }
}

function isPrivateAddress(address: string): boolean {
  const networks = new BlockList();
  for (const [network, prefix, family] of NETWORKS) networks.addSubnet(network, prefix, family);
  return networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Why there is no connection; undefined when there is one. */
async function handshake(host: string, timeoutMs: number, standIn?: URL): Promise<string | undefined> {
  const isPlain = standIn?.protocol === 'http:';
  const where = { host: standIn?.hostname ?? host, port: Number(standIn?.port ?? 443) };
  const socket: Socket = isPlain ? connectPlain(where) : connectTls({ ...where, servername: host });
  try {
    await once(socket, isPlain ? 'connect' : 'secureConnect', { signal: AbortSignal.timeout(timeoutMs) });
    return undefined;
  } catch (error) {
    return codeOf(error);
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

/** A resolver cannot be told to stop; nobody waits for it after that. */
async function inTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function codeOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: string };
  if (name === 'AbortError' || name === 'TimeoutError') return 'ETIMEDOUT';
  return typeof code === 'string' ? code : 'failed';
}
