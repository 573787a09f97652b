import type { SecretForm } from '../../delivery/sink.ts';

/**
 * The form of the secret. Datadog's own keys are 32 hexadecimal characters; what matters is that nothing else
 * (JSON from the console of Secrets Manager, a URL, two lines) becomes a header, since errors of headers quote it.
 */
export const apiKeyForm: SecretForm = {
  description: 'an API key of Datadog (letters, digits, "-" and "_")',
  accepts: (secret) => /^[A-Za-z0-9_-]{8,128}$/.test(secret),
};
