import { Logger } from '@aws-lambda-powertools/logger';

/** The one logger: a JSON line per entry, static messages, data as fields. Strings from outside stay JSON-escaped. */
export const log = new Logger({ serviceName: 'scan-response' });
