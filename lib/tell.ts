import { NotReady } from './errors.ts';
import type { Told } from './find-background.ts';
import type { Instant } from './instant.ts';
import type { Notice } from './policy/notice.ts';
import type { Baseline } from './policy/tracked.ts';
import type { ResponsePorts } from './respond.ts';
import { together } from './together.ts';

type TellingPorts = Pick<ResponsePorts, 'enqueue' | 'findBackground' | 'patience' | 'saveTelling'>;

/**
 * Before the first word about something open that is written down: should this end before its baseline is written,
 * and find another scan when it is run again, then it is known that people may have to hear that all is clear.
 * Throws NotReady when another worker has answered a later look meanwhile: people are told what is so, not what was.
 */
export async function tell(notice: Notice, told: Told, readAt: Instant, ports: TellingPorts): Promise<void> {
  const { digest, repository } = notice.subject.image;
  const by = { digest, pushedAt: notice.subject.pushedAt, readAt };
  const isClear = ({ open, isTelling }: Baseline) => !isTelling && (open?.ids.length ?? 0) === 0;
  const clear = notice.reason === 'resolved' ? [] : told.tracked.filter(isClear);
  const [saved, whole] = await together([
    together(clear.map(({ reference }) => ports.saveTelling(repository, reference, by))),
    withBackground(notice, told, ports),
  ]);
  if (saved.includes(false))
    throw new NotReady('a later look at it was answered meanwhile', ports.patience.retrySeconds);
  await ports.enqueue(whole);
}

/** The notice with what stands around it, where anything is known. */
export async function withBackground(
  notice: Notice,
  told: Told,
  { findBackground }: Pick<TellingPorts, 'findBackground'>,
): Promise<Notice> {
  const background = await findBackground(told);
  return { ...notice, ...(Object.keys(background).length > 0 && { background }) };
}
