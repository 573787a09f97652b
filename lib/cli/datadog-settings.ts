import type { Environment } from '../config.ts';
import type { Settings } from '../datadog/declared.ts';
import { BadReference } from '../errors.ts';
import { callersRegion } from '../services/datadog-access.ts';
import type { Options } from './command.ts';

/** What the caller chose, checked. Throws BadReference. */
export function settingsOf(
  { notify, runbook, region }: Options,
  { stage, environment }: { readonly stage: string; readonly environment: Environment },
): Settings {
  return {
    deployment: deploymentOf(stage, region ?? callersRegion(environment)),
    handles: handlesOf(notify),
    runbookUrl: runbook === undefined ? undefined : checkUrl(runbook),
  };
}

/** As the stack calls itself in its heartbeat (SCAN_RESPONSE_DEPLOYMENT in serverless.yml), as Datadog stores it. */
function deploymentOf(stage: string, region: string | undefined): string {
  if (region === undefined || !/^[a-z0-9-]{1,40}$/.test(region))
    throw new BadReference(
      'say where the deployment is with --region, as eu-west-1: its watchdog is named by it',
    );
  return `scan-response-${stage}-${region}`.toLowerCase();
}

function handlesOf(notify = 'none'): readonly string[] {
  if (notify.trim() === 'none') return [];
  const handles = notify.split(/[\s,]+/).filter((it) => it !== '');
  if (handles.length === 0 || !handles.every((it) => /^@[A-Za-z0-9][\w.@+:/-]{0,99}$/.test(it)))
    throw new BadReference('--notify takes handles, as "@slack-security @you@example.com", or none');
  return [...new Set(handles)];
}

/** It stands in a template of Datadog's, which reads braces, and where a space ends it. */
function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.username === '' && /^[^\s{}@]{1,500}$/.test(text)) return text;
  throw new BadReference('--runbook takes the address of a page, as https://wiki.example.com/ecr-findings');
}
