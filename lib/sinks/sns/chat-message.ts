import type { PublishCommandInput } from '@aws-sdk/client-sns';
import type { Digest } from '../../image/digest.ts';
import type { Repository } from '../../image/reference.ts';
import { repositoryArn } from '../../image/repository-arn.ts';
import { untrusted } from '../../image/untrusted.ts';
import type { Notice } from '../../policy/notice.ts';
import { NEWEST_PUSH } from '../../policy/policy.ts';
import { fingerprint } from '../../scan/compare.ts';
import { furtherPages, type Page, sourcePages } from '../around.ts';
import { headline } from '../words.ts';
import { chatText } from './chat-text.ts';
import { inert } from './inert.ts';
import { attributes, eventOf, noticeId, severityOf, toJson } from './message.ts';

/** Characters of a title; the service publishes no limit of its own. */
const MAX_TITLE = 250;

/**
 * Renders a notice as a custom notification of Amazon Q Developer in chat applications, which drops a message of any
 * other form without a word. The attributes are those of the topic of notices, so a channel's subscription can filter.
 * Nothing in it is markup but the addresses of our own pages, each of which stands at the end of its line.
 * Source: https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function chatMessage(
  notice: Notice,
  options: { readonly possibleRepeat: boolean },
): Omit<PublishCommandInput, 'TopicArn'> {
  const { schema: _, ...others } = attributes(notice);
  return { Message: toJson(body(notice, options.possibleRepeat)), MessageAttributes: others };
}

function body(notice: Notice, possibleRepeat: boolean) {
  const { subject, found, references, reason } = notice;
  const { repository, digest } = subject.image;
  const title = inert(untrusted(headline(notice, MAX_TITLE)), MAX_TITLE);
  const event = eventOf(reason, found);
  return {
    version: '1.0',
    source: 'custom',
    id: noticeId(notice),
    content: {
      textType: 'client-markdown',
      title,
      description: chatText(notice, possibleRepeat),
      nextSteps: [...furtherPages(notice), ...sourcePages(notice)].map(pageLine),
      keywords: [repository.name, severityOf(found), event].map((it) => inert(untrusted(it), 256)),
    },
    metadata: {
      threadId: threadId(repository, references[0] ?? NEWEST_PUSH),
      summary: title,
      eventType: 'image-scan',
      relatedResources: [repositoryArn(repository)],
      additionalContext: contextOf(notice, event, digest),
    },
  };
}

/** An address is followed by nothing that a client could take for a part of it, and formats nothing in itself. */
function pageLine({ words, url }: Page): string {
  const hex = (it: string) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`;
  return `${words}: ${url.replace(/[*~|<>()[\]`\\]/g, hex)}`;
}

/** What is said of one reference stays in one thread, where the channel allows that. */
function threadId({ account, region, name }: Repository, reference: string): string {
  return `ecr-${fingerprint([`account ${account}`, `region ${region}`, `name ${name}`, `tag ${reference}`])}`;
}

/** The exact values, which nobody renders: a custom action of the channel can take them for its variables. */
function contextOf({ subject, references, found }: Notice, event: string, digest: Digest) {
  const { name, account, region } = subject.image.repository;
  const [first] = references;
  return {
    ...{ repository: name, account, region, digest, event, severity: severityOf(found) },
    ...(first !== undefined && first !== NEWEST_PUSH && { imageTag: first }),
  };
}
