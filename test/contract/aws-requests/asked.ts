/** What a server answers. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One request of a command, and what it is answered. */
export interface Asked {
  readonly client: 'dynamodb' | 'ecr' | 'eventbridge' | 'sns' | 'sqs' | 'ssm' | 'sts';
  readonly command: string;
  readonly what: string;
  readonly input: object;
  readonly answer: Answer;
}

/** An answer of the JSON protocols. */
export const json = (body: object, status = 200, headers = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify(body),
});
