// The look-ups over HTTP (docs/api.md), with the parameter httpApi: read-only, and only for whom IAM lets call it.

const LINEAGE = { 'Fn::GetAtt': ['LineageTable', 'Arn'] };
const LEDGER = { 'Fn::GetAtt': ['LedgerTable', 'Arn'] };
// Twice what the look-ups are measured at (npm run bench:lookup), so that a limit is met by a loop and not by people.
const LIMITS = { perSecond: 400, burst: 400 };

/** @type {import('../gateway.cjs').Asked} */
module.exports = {
  name: 'api-asked',
  param: 'httpApi',
  isOn,
  routes: ['GET', 'HEAD'].map((method) => ({
    key: `${method} /v1/{question}`,
    authorization: 'AWS_IAM',
    ...LIMITS,
  })),
  definition: {
    description: 'GET /v1/{question} → what the look-ups of the CLI answer with --json',
    memorySize: 512, // a person waits
    environment: {
      SCAN_RESPONSE_LINEAGE_TABLE: { Ref: 'LineageTable' },
      SCAN_RESPONSE_LEDGER_TABLE: { Ref: 'LedgerTable' },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the packager fills it in
      SCAN_RESPONSE_SOURCE_HOSTS: '${param:sourceHosts}',
    },
  },
  does: 'Reads what the look-ups answer from',
  statements: [
    read('ReadLineage', ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'], LINEAGE),
    read('FindByDigest', 'dynamodb:Query', index('by-digest')),
    read('FindByCommit', 'dynamodb:Query', index('by-commit')),
    read('ReadLedger', 'dynamodb:Query', LEDGER),
  ],
};

/** @param {string} value */
function isOn(value) {
  if (['', 'true', 'false'].includes(value)) return value === 'true';
  const message = `httpApi must be "true", or "false" or empty for none, not ${JSON.stringify(value)}`;
  // The packager prints the stack, once for each place that asks.
  throw Object.assign(new Error(message), { stack: message });
}

/**
 * @param {string} Sid
 * @param {string | string[]} Action
 * @param {object} Resource
 */
function read(Sid, Action, Resource) {
  return { Sid, Effect: 'Allow', Action, Resource };
}

/** @param {string} name of an index of the lineage */
function index(name) {
  return {
    'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/\${LineageTable}/index/${name}`,
  };
}
