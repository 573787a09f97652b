import type { Question, RegistryFacts } from './facts.ts';
import type { AuditPorts } from './ports.ts';
import type { RepositorySettings } from './settings.ts';

/** Which rule hears of the scans of a registry: enhanced scanning never sends `ECR Image Scan`. */
const RULES: Readonly<Record<string, string>> = { BASIC: 'image-scan', ENHANCED: 'inspector-scan' };

/** Reads what concerns the registry as a whole; `isDeployed` is false where there is no deployment to hear of it. */
export async function readRegistry(
  { repository: { account, region } }: RepositorySettings,
  all: readonly RepositorySettings[],
  { stage }: Question,
  isDeployed: boolean,
  { readScanning, readRule }: AuditPorts,
): Promise<RegistryFacts> {
  const scanning = await readScanning();
  const rule = RULES[scanning.state === 'found' ? scanning.value.type : ''];
  const name = `scan-response-${stage}-${rule}`;
  const heard = isDeployed && readRule && rule ? { name, rule: await readRule(name) } : undefined;
  return { place: { account, region }, scanning, heard, names: all.map((it) => it.repository.name) };
}
