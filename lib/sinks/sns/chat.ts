import type { Sink } from '../../delivery/sink.ts';
import { chatMessage } from './chat-message.ts';
import { NOT_FOR_SNS, publish, type SnsOptions } from './send.ts';

/**
 * The topic that chat applications subscribe to: one Publish per try. It is a sink of its own, with its own claims:
 * what is wrong with it repeats nothing on the topic of notices, nor the other way round.
 */
export function chatSink(options: SnsOptions): Sink {
  return {
    name: 'chat',
    isForPeople: true,

    async isConfigured() {
      return Boolean(options.topicArn);
    },

    async send(delivery, { possibleRepeat }) {
      if (delivery.kind !== 'notice') return NOT_FOR_SNS;
      return publish(chatMessage(delivery, { possibleRepeat }), options);
    },
  };
}
