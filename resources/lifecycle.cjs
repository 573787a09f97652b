// What the two kinds of repository keep, and for how long. Which rule an image goes by:
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html (docs/registry.md says why each is here).

/** Tags that move: the newest 30 releases stay, and what has no tag goes after a week. */
const mutable = {
  rules: [
    expire(1, 'untagged images expire after 7 days', {
      tagStatus: 'untagged',
      ...since('sinceImagePushed', 7),
    }),
    expire(2, 'the newest 30 images with a tag that begins with v are kept', {
      tagStatus: 'tagged',
      tagPrefixList: ['v'],
      countType: 'imageCountMoreThan',
      countNumber: 30,
    }),
  ],
};

/** Tags that stay: nothing that has a name or may be a part of an image is deleted before it was in the archive. */
const production = {
  rules: [
    // More than there are ever: an image that a rule could choose is left alone by all rules after it.
    expire(1, 'what an environment points to goes by no rule below', {
      ...tagged('*latest'),
      countType: 'imageCountMoreThan',
      countNumber: 1000,
    }),
    archive(2, 'releases that nobody pulled for 180 days are archived', {
      ...tagged('v*'),
      ...since('sinceImagePulled', 180),
    }),
    expire(3, 'of builds that were not released the newest 30 are kept', {
      ...tagged('build-*'),
      countType: 'imageCountMoreThan',
      countNumber: 30,
    }),
    archive(4, 'untagged images that nobody pulled for 180 days are archived', {
      tagStatus: 'untagged',
      ...since('sinceImagePulled', 180),
    }),
    expire(5, 'what was in the archive for a year expires', {
      tagStatus: 'any',
      storageClass: 'archive',
      ...since('sinceImageTransitioned', 365),
    }),
  ],
};

/**
 * @param {number} rulePriority
 * @param {string} description
 * @param {object} selection
 */
function expire(rulePriority, description, selection) {
  return { rulePriority, description, selection, action: { type: 'expire' } };
}

/**
 * @param {number} rulePriority
 * @param {string} description
 * @param {object} selection
 */
function archive(rulePriority, description, selection) {
  const action = { type: 'transition', targetStorageClass: 'archive' };
  return { rulePriority, description, selection, action };
}

/** @param {string} pattern */
function tagged(pattern) {
  return { tagStatus: 'tagged', tagPatternList: [pattern] };
}

/**
 * @param {string} countType
 * @param {number} countNumber
 */
function since(countType, countNumber) {
  return { countType, countUnit: 'days', countNumber };
}

module.exports = { mutable, production };
