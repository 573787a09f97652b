// What the parameters repositories, mutableRepositories and repositoryPullers mean: the repositories that this stack
// makes, and who may pull from them. Evaluated while packaging; without a name there are none, and no output.

const lifecycle = require('./lifecycle.cjs');

// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
const NAME = /^(?=.{2,200}$)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/;
const ROLE_ARN = /^arn:[a-z-]+:iam::\d{12}:role\/[\w+=.@/-]{1,512}$/;
const ROLE_NAME = /^[\w+=.@-]{1,64}$/;
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** @type {Readonly<Record<string, string>>} */
const SPELT = { '-': 'Dash', _: 'Underscore', '.': 'Dot', '/': 'Slash' };

/** @param {{ resolveVariable: (variable: string) => Promise<string> }} packaging */
module.exports = async function repositories({ resolveVariable }) {
  const listed = async (/** @type {string} */ param) => split(await resolveVariable(`param:${param}`));
  const lasting = await listed('repositories');
  const moving = await listed('mutableRepositories');
  const pullers = (await listed('repositoryPullers')).map(principal);
  const names = [...lasting, ...moving];
  for (const [index, name] of names.entries()) {
    if (!NAME.test(name)) throw complaint(`"${name}" is not the name of a repository`);
    if (names.indexOf(name) !== index) throw complaint(`"${name}" is named twice`);
  }
  if (names.length === 0 && pullers.length > 0)
    throw complaint(
      'repositoryPullers may pull from what repositories and mutableRepositories name: nothing',
    );
  const made = [
    ...lasting.map((name) => repository(name, PRODUCTION, lifecycle.production, pullers)),
    ...moving.map((name) => repository(name, { ImageTagMutability: 'MUTABLE' }, lifecycle.mutable, pullers)),
  ];
  const Resources = Object.fromEntries(made);
  const Outputs = Object.fromEntries(made.flatMap(([id]) => outputs(id)));
  return { names: lasting, resources: names.length === 0 ? {} : { Resources, Outputs } };
};

// The names of environments move; a commit, a version and a build never mean another image.
const PRODUCTION = {
  ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
  ImageTagMutabilityExclusionFilters: [
    { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: '*latest' },
  ],
};

/**
 * The logical id hangs on the name alone: with another one CloudFormation would make the repository again.
 *
 * @param {string} name
 * @param {object} mutability
 * @param {object} policy
 * @param {readonly unknown[]} pullers
 * @returns {[string, object]}
 */
function repository(name, mutability, policy, pullers) {
  const words = name.replace(/[-_./]/g, (mark) => SPELT[mark] ?? '');
  const id = `Repository${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  const Properties = {
    RepositoryName: name,
    ...mutability,
    ImageScanningConfiguration: { ScanOnPush: true },
    EncryptionConfiguration: { EncryptionType: 'AES256' },
    LifecyclePolicy: { LifecyclePolicyText: JSON.stringify(policy) },
    ...(pullers.length > 0 && { RepositoryPolicyText: mayPull(pullers) }),
  };
  // Images are what runs, and the evidence of what ran: they outlive this stack.
  return [
    id,
    { Type: 'AWS::ECR::Repository', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties },
  ];
}

/** @param {readonly unknown[]} pullers */
function mayPull(pullers) {
  const statement = { Sid: 'Pull', Effect: 'Allow', Principal: { AWS: pullers }, Action: PULL };
  return { Version: '2012-10-17', Statement: [statement] };
}

/**
 * @param {string} id
 * @returns {[string, object][]}
 */
function outputs(id) {
  return [
    [`${id}Name`, { Value: { Ref: id } }],
    [`${id}Arn`, { Value: { 'Fn::GetAtt': [id, 'Arn'] } }],
    [`${id}Uri`, { Value: { 'Fn::GetAtt': [id, 'RepositoryUri'] } }],
  ];
}

/**
 * An account trusts its own IAM with the rest; a role must exist, or ECR refuses the policy.
 *
 * @param {string} text
 */
function principal(text) {
  if (/^\d{12}$/.test(text)) return arn(`iam::${text}:root`);
  if (ROLE_ARN.test(text)) return text;
  if (ROLE_NAME.test(text)) return arn(`iam::\${AWS::AccountId}:role/${text}`);
  throw complaint(`"${text}" is not the name or ARN of a role, nor an account id of 12 digits`);
}

/** @param {string} rest */
function arn(rest) {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` };
}

/** @param {unknown} text */
function split(text) {
  return String(text ?? '')
    .split(',')
    .flatMap((part) => part.trim() || []);
}

/** @param {string} why */
function complaint(why) {
  const message = `repositories: ${why}`;
  // The packager prints the stack, once for each place that asks.
  return Object.assign(new Error(message), { stack: message });
}
