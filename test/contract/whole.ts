import { packageService } from '../../local/package.ts';
import type { Resources } from './template.ts';

/** The parameters that add functions to the template. */
export const EVERY_FUNCTION = {
  httpApi: 'true',
  slackSigningSecretParameter: '/scan-response/dev/slack-signing-secret',
};

/** The resources of the template with every function that there is. */
export async function packagedWhole(): Promise<Resources> {
  const packaged = await packageService({ root: process.cwd(), reuse: true, params: EVERY_FUNCTION });
  await packaged.dispose();
  return (packaged.template as { readonly Resources: Resources }).Resources;
}
