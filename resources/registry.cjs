// What the parameters replicateTo and registryScanning mean. There is one of each in an account and region, whoever
// declares it: a second stack, or a person, would overwrite it. So both are off unless somebody asks.

const repositories = require('./repositories.cjs');

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
const MOST_DESTINATIONS = 25;
/** @type {Readonly<Record<string, { type: string, frequency: string }>>} */
const SCANNING = {
  basic: { type: 'BASIC', frequency: 'SCAN_ON_PUSH' },
  enhanced: { type: 'ENHANCED', frequency: 'CONTINUOUS_SCAN' },
};
// Without this stack the registry goes on as it is set: removing it must not end scans or copies.
const KEPT = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

/** @param {{ resolveVariable: (variable: string) => Promise<string> }} packaging */
module.exports = async function registry(packaging) {
  const { resolveVariable } = packaging;
  const { names } = await repositories(packaging);
  const scanning = String((await resolveVariable('param:registryScanning')) ?? '');
  const text = String((await resolveVariable('param:replicateTo')) ?? '');
  const own = String(await resolveVariable('self:provider.region'));
  const destinations = text.split(',').flatMap((part) => (part.trim() ? destination(part.trim(), own) : []));
  const Resources = {
    ...(scanning !== '' && { RegistryScanning: scan(scanning) }),
    ...(destinations.length > 0 && { RegistryReplication: replicate(destinations, names) }),
  };
  return { resources: Object.keys(Resources).length === 0 ? {} : { Resources } };
};

/**
 * Every repository: one that is made by hand tomorrow is scanned too.
 *
 * @param {string} text
 */
function scan(text) {
  const kind = Object.hasOwn(SCANNING, text) ? SCANNING[text] : undefined;
  if (!kind)
    throw complaint(`registryScanning must be empty, basic or enhanced, not ${JSON.stringify(text)}`);
  const RepositoryFilters = [{ Filter: '*', FilterType: 'WILDCARD' }];
  const Properties = { ScanType: kind.type, Rules: [{ ScanFrequency: kind.frequency, RepositoryFilters }] };
  return { Type: 'AWS::ECR::RegistryScanningConfiguration', ...KEPT, Properties };
}

/**
 * @param {readonly object[]} Destinations
 * @param {readonly string[]} names
 */
function replicate(Destinations, names) {
  if (names.length === 0) throw complaint('replicateTo copies what repositories names: nothing');
  if (Destinations.length > MOST_DESTINATIONS)
    throw complaint(
      `${Destinations.length} are more than the ${MOST_DESTINATIONS} places that ECR copies to`,
    );
  const RepositoryFilters = names.map((Filter) => ({ Filter, FilterType: 'PREFIX_MATCH' }));
  const ReplicationConfiguration = { Rules: [{ Destinations, RepositoryFilters }] };
  return { Type: 'AWS::ECR::ReplicationConfiguration', ...KEPT, Properties: { ReplicationConfiguration } };
}

/**
 * @param {string} text `eu-central-1`, or `444455556666/eu-central-1` in another account
 * @param {string} own the region of this stack
 */
function destination(text, own) {
  const [, account, region = ''] = /^(?:(\d{12})\/)?([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(text) ?? [];
  if (region === '')
    throw complaint(`"${text}" is not a region, or an account id and a region: eu-central-1`);
  if (!account && region === own) throw complaint(`replicateTo names ${own}, where the images are already`);
  return { Region: region, RegistryId: account ?? { Ref: 'AWS::AccountId' } };
}

/** @param {string} why */
function complaint(why) {
  const message = `registry: ${why}`;
  // The packager prints the stack, once for each place that asks.
  return Object.assign(new Error(message), { stack: message });
}
