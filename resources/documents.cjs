// What the parameter readBlobs means for the role that reads what is pushed: evaluated while packaging, so that a role
// which may not pull layers does not have the action at all.

const MANIFESTS = ['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:ListImageReferrers'];
// It is for any layer of any image: there is no action, and no condition, for the small blobs alone.
const BLOBS = 'ecr:GetDownloadUrlForLayer';

/** @param {{ resolveVariable: (variable: string) => Promise<string> }} packaging */
module.exports = async function documents({ resolveVariable }) {
  const readBlobs = String(await resolveVariable('param:readBlobs'));
  if (readBlobs !== 'true' && readBlobs !== 'false') {
    const message = `readBlobs must be "true" or "false", not ${JSON.stringify(readBlobs)}`;
    // The packager prints the stack, once for each place that asks.
    throw Object.assign(new Error(message), { stack: message });
  }
  return { actions: readBlobs === 'true' ? [...MANIFESTS, BLOBS] : MANIFESTS };
};
