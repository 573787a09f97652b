// What people ask and press in Slack (docs/slack-command.md), with the parameter slackSigningSecretParameter. Whoever
// knows the address can send something: the function lets in only what Slack signed.

const LINEAGE = { 'Fn::GetAtt': ['LineageTable', 'Arn'] };
const LEDGER = { 'Fn::GetAtt': ['LedgerTable', 'Arn'] };
// People type. What does not come from Slack is refused before a table is asked, and costs as much as this at most.
const LIMITS = { perSecond: 20, burst: 40 };

/** @type {import('../gateway.cjs').Asked} */
module.exports = {
  name: 'slack-asked',
  param: 'slackSigningSecretParameter',
  // resources/secrets.cjs says which forms it has.
  isOn: (value) => value !== '',
  routes: [{ key: 'POST /slack/{kind}', authorization: 'NONE', ...LIMITS }],
  definition: {
    description: 'POST /slack/{kind} → what the look-ups of the CLI answer, in Slack',
    memorySize: 1024, // Slack waits for three seconds, a cold start among them; more memory is more CPU
    environment: {
      SCAN_RESPONSE_LINEAGE_TABLE: { Ref: 'LineageTable' },
      SCAN_RESPONSE_LEDGER_TABLE: { Ref: 'LedgerTable' },
      SCAN_RESPONSE_SLACK_SIGNING_SECRET_PARAMETER: filled('file(resources/secrets.cjs):slackSigning.name'),
      SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER: filled('file(resources/secrets.cjs):slack.name'),
      SCAN_RESPONSE_SLACK_USER_GROUP: filled('file(resources/slack.cjs):userGroup'),
      SCAN_RESPONSE_SOURCE_HOSTS: filled('param:sourceHosts'),
      SCAN_RESPONSE_STAGE: filled('sls:stage'),
    },
  },
  does: 'Answers people in Slack',
  statements: [
    allow('ReadLineage', ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'], LINEAGE),
    allow('FindByDigest', 'dynamodb:Query', index('by-digest')),
    allow('FindByCommit', 'dynamodb:Query', index('by-commit')),
    allow('ReadLedger', ['dynamodb:GetItem', 'dynamodb:Query'], LEDGER),
    // Nonces, what is acknowledged, and the policy: no scan and no delivery.
    {
      ...allow('LetInAndRemember', 'dynamodb:PutItem', LEDGER),
      Condition: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['NONCE#*', 'REPO#*', 'POLICY'] },
      },
    },
    ...['slackSigning', 'slack'].map((secret, nth) =>
      allow(
        nth === 0 ? 'KnowSlack' : 'AskSlack',
        filled(`file(resources/secrets.cjs):${secret}.actions`),
        filled(`file(resources/secrets.cjs):${secret}.resources`),
      ),
    ),
  ],
};

/**
 * What the packager fills in, when it takes the function.
 *
 * @param {string} variable
 */
function filled(variable) {
  return `\${${variable}}`;
}

/**
 * @param {string} Sid
 * @param {string | string[]} Action
 * @param {object | string} Resource
 */
function allow(Sid, Action, Resource) {
  return { Sid, Effect: 'Allow', Action, Resource };
}

/** @param {string} name of an index of the lineage */
function index(name) {
  return {
    'Fn::Sub': `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/\${LineageTable}/index/${name}`,
  };
}
