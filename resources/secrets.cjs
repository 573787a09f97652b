// What is behind the parameters that name a secret: the name that the function asks SSM for, and the one
// statement that lets it. Evaluated while packaging, so that a role names the very secret and nothing more.

const REFERENCE = '/aws/reference/secretsmanager/';
const SSM_ARN = /^arn:[a-z-]+:ssm:[a-z0-9-]+:\d{12}:parameter(\/[\w./-]+)$/;
// Secrets Manager adds six characters to a name to make its ARN.
const SECRET_ARN = /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:([\w/+=.@-]+)-[A-Za-z0-9]{6}$/;

/**
 * @typedef {object} Secret
 * @property {string} name what GetParameter takes
 * @property {string | string[]} actions
 * @property {unknown} resources
 */

/**
 * @param {{ resolveVariable: (variable: string) => Promise<string> }} packaging
 * @returns {Promise<{ datadog: Secret, slack: Secret, slackSigning?: Secret }>}
 */
module.exports = async function secrets({ resolveVariable }) {
  const textOf = (/** @type {string} */ param) => resolveVariable(`param:${param}`);
  const read = async (/** @type {string} */ param) => secret(param, await textOf(param));
  const isSigned = Boolean(await textOf('slackSigningSecretParameter'));
  return {
    datadog: await read('datadogApiKeyParameter'),
    slack: await read('slackWebhookParameter'),
    ...(isSigned && { slackSigning: await read('slackSigningSecretParameter') }),
  };
};

/**
 * @param {string} param
 * @param {string} value
 * @returns {Secret}
 */
function secret(param, value) {
  const secretName = SECRET_ARN.exec(value)?.[1];
  if (secretName) return inSecretsManager(secretName, value);
  const name = value.startsWith(REFERENCE) ? value.slice(REFERENCE.length) : undefined;
  if (name !== undefined && /^[\w/+=.@-]+$/.test(name)) {
    return inSecretsManager(
      name,
      arn(`secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}-??????`),
    );
  }
  if (SSM_ARN.test(value)) return { name: value, actions: 'ssm:GetParameter', resources: value };
  if (name === undefined && /^\/[\w./-]+$/.test(value))
    return { name: value, actions: 'ssm:GetParameter', resources: parameter(value) };
  const error = new Error(
    `${param} must be the name of an SSM parameter (/…), ${REFERENCE}<name of a secret>, or the ARN of either; never the secret itself`,
  );
  // The packager prints the stack, once for each place that asks.
  throw Object.assign(error, { stack: error.message });
}

/**
 * SSM hands on what Secrets Manager holds, to a caller who may read both: no second client in the bundle.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
 *
 * @param {string} secretName
 * @param {unknown} secretArn
 * @returns {Secret}
 */
function inSecretsManager(secretName, secretArn) {
  const name = `${REFERENCE}${secretName}`;
  return {
    name,
    actions: ['ssm:GetParameter', 'secretsmanager:GetSecretValue'],
    resources: [parameter(name), secretArn],
  };
}

/** @param {string} name */
function parameter(name) {
  return arn(`ssm:\${AWS::Region}:\${AWS::AccountId}:parameter${name}`);
}

/** @param {string} rest */
function arn(rest) {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` };
}
