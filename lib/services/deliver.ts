import { SSMClient } from '@aws-sdk/client-ssm';
import * as config from '../config.ts';
import type { DeliveryPorts } from '../delivery/deliver.ts';
import { withDoubts } from '../delivery/doubt.ts';
import type { DigestSink, FoldPorts } from '../delivery/fold.ts';
import type { Sink } from '../delivery/sink.ts';
import { datadogUrl, slackApiUrl, slackButtons, slackChannel } from '../destinations.ts';
import { embeddedMetrics } from '../embedded-metric.ts';
import type { log as Log } from '../log.ts';
import { parameter } from '../secret/parameter.ts';
import { apiKeyForm } from '../sinks/datadog/api-key.ts';
import { datadogSink } from '../sinks/datadog/send.ts';
import { slackBot } from '../sinks/slack/bot.ts';
import { slackByForm } from '../sinks/slack/by-form.ts';
import { slackSecretForm } from '../sinks/slack/secret-form.ts';
import { slackSink } from '../sinks/slack/send.ts';
import { chatSink } from '../sinks/sns/chat.ts';
import { snsSink } from '../sinks/sns/send.ts';
import { claim, isUnderWay, settle } from '../store/ledger.ts';
import { closeThread, findThreads, openThread } from '../store/thread.ts';
import { countInWindow } from '../store/window.ts';
import { IN_TIME, now, on, table, topics } from './connect.ts';
import { topic } from './prime.ts';

// The composition root of what tells the sinks.

/** What every delivery needs, whatever the sink. The metric `Unsure` in the log is what the alarm looks at. */
export function deliveryPorts(log: Pick<typeof Log, 'warn'>, env = config.environment): DeliveryPorts {
  const ledger = table(env, 'LEDGER_TABLE');
  const functionName = config.functionName(env);
  const ports: DeliveryPorts = {
    claim: (delivery, sink, release) => claim(ledger, delivery, sink, Date.now(), release),
    settle: on(ledger, settle),
    isUnderWay: on(ledger, isUnderWay),
    offAfterSeconds: config.offAfterSeconds(env),
    afterLostReply: config.afterLostReply(env),
  };
  return withDoubts(ports, ({ key }, sink, why) => {
    const metrics = embeddedMetrics({ functionName, nowMs: Date.now(), values: { Unsure: 1 } });
    log.warn('nobody knows whether this arrived', { sink, key, why, ...metrics });
  });
}

export function datadog(env = config.environment): Sink {
  const needs = config.required(env, 'DATADOG_API_KEY_PARAMETER');
  const readKey = parameter(new SSMClient(IN_TIME), needs, { form: apiKeyForm });
  return { ...datadogSink({ readKey, baseUrl: datadogUrl(env) }), needs };
}

/** Slack by a webhook or a bot token, whichever the parameter holds. */
export function slack(env = config.environment): DigestSink {
  const needs = config.required(env, 'SLACK_WEBHOOK_PARAMETER');
  const allowLoopback = config.allowsLoopback(env);
  const readSecret = parameter(new SSMClient(IN_TIME), needs, { form: slackSecretForm(allowLoopback) });
  const ledger = table(env, 'LEDGER_TABLE');
  const defaultChannel = slackChannel(env);
  const buttons = slackButtons(env);
  const bot = slackBot({
    readToken: readSecret,
    baseUrl: slackApiUrl(env),
    ...(defaultChannel && { defaultChannel }),
    ...(buttons && { buttons }),
    threads: { find: on(ledger, findThreads), open: on(ledger, openThread), close: on(ledger, closeThread) },
    now,
  });
  const webhook = slackSink({ readUrl: readSecret, allowLoopback });
  return { ...slackByForm({ readSecret, webhook, bot }), needs };
}

/** How messages to Slack fold, and where they are counted. */
export function slackFolding(env = config.environment): FoldPorts {
  const ledger = table(env, 'LEDGER_TABLE');
  return {
    now,
    rule: config.foldRuleOf(env),
    count: (start, messages, most, channel) => countInWindow(ledger, 'slack', start, messages, most, channel),
  };
}

export function sns(env = config.environment): Sink {
  const sink = snsSink({ client: topics(env), topicArn: config.optional(env, 'TOPIC_ARN') });
  return { ...sink, warmUp: () => topic(env) };
}

/** The topic for chat applications, in the same way. */
export function chat(env = config.environment): Sink {
  const topicArn = config.optional(env, 'CHAT_TOPIC_ARN');
  return chatSink({ client: topics(env), topicArn });
}
