import { foundIn } from '../../doctor/reading.ts';
import type { Examination } from '../facts.ts';
import { type Finding, findings } from '../finding.ts';

const GB = 1e9;
/** An image unpacked is two to three times what the registry holds of it. */
const UNPACKED = 3;
/** What the size of an image is taken for, when it is not known. */
const UNKNOWN_SIZE = GB;

/** Whether the image has room where docker keeps images on this machine. */
export function checkDisk({ facts: { disk, image } }: Examination): readonly Finding[] {
  const on = findings('disk');
  if (!disk || disk.state === 'absent') return [];
  if (disk.state !== 'found') return [on.unread(disk)];
  const { path, freeBytes } = disk.value;
  const size = foundIn(image)?.sizeBytes;
  const free = `${gigabytes(freeBytes)} free in ${path}`;
  const needs =
    size === undefined ? '' : `; the image is ${gigabytes(size)}, two to three times that unpacked`;
  const fix = 'docker system df && docker image prune --all --filter until=168h';
  if (freeBytes < (size ?? UNKNOWN_SIZE)) return [on.fault(`Only ${free}${needs}.`, fix)];
  if (freeBytes < UNPACKED * (size ?? 0)) return [on.warning(`Only ${free}${needs}.`, fix)];
  return [on.ok(free)];
}

/** A repository with a key of its own, and what became of the key. */
export function checkKey({ question, facts: { repository, key } }: Examination): readonly Finding[] {
  const own = foundIn(repository)?.key;
  if (!own || !key) return [];
  const on = findings('key');
  const id = own.slice(own.lastIndexOf('/') + 1);
  if (key.state === 'absent')
    return [
      on.fault(
        `The key of the repository does not exist: ${own}.`,
        'nothing brings its images back: push them to a repository with another key',
      ),
    ];
  if (key.state !== 'found') return [on.unread(key)];
  if (key.value === 'Enabled') return [on.ok('the key of the repository is enabled')];
  const enable = `aws kms enable-key --key-id ${id} --region ${question.region}`;
  return [
    on.fault(
      `The key of the repository is ${key.value}: ${own}.`,
      key.value === 'PendingDeletion'
        ? `aws kms cancel-key-deletion --key-id ${id} --region ${question.region} && ${enable}`
        : enable,
    ),
  ];
}

function gigabytes(bytes: number): string {
  return `${(bytes / GB).toFixed(1)} GB`;
}
