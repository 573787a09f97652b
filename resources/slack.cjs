// What people may press below an alert in Slack: something only where Slack has a way back to us, and to ignore findings
// only where a user group says who may. Evaluated while packaging.

/**
 * @param {{ resolveVariable: (variable: string) => Promise<string> }} packaging
 * @returns {Promise<{ buttons: string, userGroup: string }>}
 */
module.exports = async function slack({ resolveVariable }) {
  const isSigned = Boolean(await resolveVariable('param:slackSigningSecretParameter'));
  const userGroup = String((await resolveVariable('param:slackUserGroup')) ?? '').trim();
  if (userGroup !== '' && !/^S[A-Z0-9]{8,20}$/.test(userGroup)) {
    const message = `slackUserGroup must be the id of a user group of Slack, as S0123456789, not ${JSON.stringify(userGroup)}`;
    // The packager prints the stack, once for each place that asks.
    throw Object.assign(new Error(message), { stack: message });
  }
  const buttons = userGroup ? 'acknowledge-and-ignore' : 'acknowledge';
  return { buttons: isSigned ? buttons : '', userGroup };
};
