import { PAGED } from '../../lib/api/page.ts';
import { QUESTIONS } from '../../lib/ask/ask.ts';
import type { Command } from '../../lib/cli/command.ts';
import { parametersOf } from './parameters.ts';
import { componentsOf, refTo, type Schema, type Schemas } from './schema.ts';

/** What `who` answers depends on what it is asked about. */
const DOCUMENTS: Readonly<Record<string, readonly string[]>> = { who: ['who', 'service', 'cve'] };

/** The documents that a question is answered with. */
export function documentsOf(name: string): readonly string[] {
  return DOCUMENTS[name] ?? [name];
}

/** Takes the schemas by name, and returns the OpenAPI 3.1 document of the HTTP API. */
export function openApi(files: Readonly<Record<string, Schema>>) {
  const questions = Object.entries(QUESTIONS);
  return {
    openapi: '3.1.0',
    info: {
      title: 'ecr-scan-response',
      version: 'v1',
      summary: 'Which image and commit a tag is, or was; what runs it; what is open in it.',
      description: 'The look-ups of the command line over HTTP, read-only. See docs/api.md.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com',
        description: 'GatewayUrl in the outputs of the stack',
        variables: { api: { default: 'abcdefghij' }, region: { default: 'us-east-1' } },
      },
    ],
    security: [{ sigv4: [] }],
    paths: Object.fromEntries(questions.map(([name, command]) => [`/v1/${name}`, pathOf(name, command)])),
    components: {
      schemas: { ...used(componentsOf(files)), Message: MESSAGE },
      securitySchemes: { sigv4: SIGV4 },
    },
  };
}

/** As API Gateway writes it into the documents that it exports. */
const SIGV4 = {
  type: 'apiKey',
  name: 'Authorization',
  in: 'header',
  description: 'Signature Version 4 for execute-api, by whom IAM allows execute-api:Invoke',
  'x-amazon-apigateway-authtype': 'awsSigv4',
};

const MESSAGE: Schema = {
  title: 'Message',
  description: 'What API Gateway says itself.',
  type: 'object',
  required: ['message'],
  properties: { message: { type: 'string' } },
};

function pathOf(name: string, command: Command) {
  const about = { summary: command.summary, parameters: parametersOf(name, command) };
  const responses = responsesOf(name);
  const bare = Object.entries(responses).map(([status, { content: _, ...rest }]) => [status, rest]);
  return {
    get: { operationId: name, ...about, responses },
    head: { operationId: `${name}Headers`, ...about, responses: Object.fromEntries(bare) },
  };
}

interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: object;
}

function responsesOf(name: string): Readonly<Record<string, Response>> {
  const documents = documentsOf(name);
  const etag = { ETag: header('Of the document; send it as If-None-Match.') };
  const link = { Link: header('`rel="next"`: the page after this one; absent on the last (RFC 8288).') };
  return {
    '200': said('An answer.', documents, { ...etag, ...(name === PAGED && link) }),
    '300': said('Several have this name: say which of the candidates.', documents),
    '304': { description: 'The answer is the one that is known by its ETag.', headers: etag },
    '400': said('It cannot be asked: what is wrong with the question.', ['refusal']),
    '403': said('Nobody signed, or who signed may not ask.', ['message']),
    '404': said('Nothing of it is on record.', documents),
    '429': said('More was asked than the gateway lets through; ask later.', ['message']),
    '500': said('A fault in the function; its log says which.', ['message']),
    '502': said('The tables could not be read.', ['refusal']),
    '503': said('No answer within 10 seconds.', ['message']),
  };
}

function said(description: string, schemas: readonly string[], headers?: Response['headers']): Response {
  const refs = schemas.map((it) => ({ $ref: refTo(it) }));
  const schema = refs.length === 1 ? refs[0] : { anyOf: refs };
  return { description, ...(headers && { headers }), content: { 'application/json': { schema } } };
}

function header(description: string) {
  return { description, schema: { type: 'string' } };
}

/** Of all schemas those that answers are made of. */
function used(all: Schemas): Schemas {
  const names = new Set<string>();
  const visit = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    for (const [, next = ''] of JSON.stringify(all[name] ?? {}).matchAll(/"#\/components\/schemas\/(\w+)"/g))
      visit(next);
  };
  for (const name of [...Object.keys(QUESTIONS), 'refusal']) visit(refTo(name).slice(refTo('').length));
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
}
