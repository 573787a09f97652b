import { Ajv2020 } from 'ajv/dist/2020.js';

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const texts = (maxItems: number, maxLength: number) => ({ type: 'array', items: text(maxLength), maxItems });
const object = (properties: object, required: readonly string[]) => ({
  ...{ type: 'object', properties, required, additionalProperties: false },
});

/**
 * The documented form of a custom notification. What is not of it is dropped without a word, so unknown fields are
 * refused here; what is optional there is required where we always send it. Lengths are ours: none is documented.
 * Source: https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html#event-schema
 */
const CUSTOM_NOTIFICATION = object(
  {
    version: { const: '1.0' },
    source: { const: 'custom' },
    id: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    content: object(
      {
        textType: { const: 'client-markdown' },
        title: text(250),
        description: text(4000),
        nextSteps: texts(5, 1000),
        keywords: texts(3, 256),
      },
      ['textType', 'title', 'description', 'nextSteps', 'keywords'],
    ),
    metadata: object(
      {
        threadId: { type: 'string', pattern: '^ecr-[0-9a-f]{32}$' },
        summary: text(250),
        eventType: { const: 'image-scan' },
        relatedResources: { ...texts(1, 400), minItems: 1 },
        // A custom action takes them as variables: https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CustomActionAttachment.html
        additionalContext: {
          ...{ type: 'object', maxProperties: 10, propertyNames: { pattern: '^[A-Za-z0-9_-]{1,100}$' } },
          additionalProperties: { type: 'string', pattern: '^[!-~]{1,1024}$' },
        },
      },
      ['threadId', 'summary', 'eventType', 'relatedResources', 'additionalContext'],
    ),
  },
  ['version', 'source', 'id', 'content', 'metadata'],
);

const isCustomNotification = new Ajv2020({ allErrors: true }).compile(CUSTOM_NOTIFICATION);

/** What would keep a body from the channel. */
export function chatSchemaComplaints(body: unknown): string[] {
  if (isCustomNotification(body)) return [];
  return (isCustomNotification.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
