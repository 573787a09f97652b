import { apiOutput } from './outputs/api.ts';
import { chatOutput } from './outputs/chat.ts';
import { datadogEvent, datadogGauges } from './outputs/datadog.ts';
import { gateOutput, gateSummary } from './outputs/gate.ts';
import type { Output } from './outputs/output.ts';
import { overviewOutput } from './outputs/overview.ts';
import { pictureOutput } from './outputs/picture.ts';
import {
  slackAnswerOutput,
  slackButtonsOutput,
  slackDigestOutput,
  slackFormOutput,
  slackMessageOutput,
} from './outputs/slack.ts';
import { snsOutput } from './outputs/sns.ts';
import { jsonOutput, terminalOutput } from './outputs/terminal.ts';

/**
 * Everything that leaves this service with somebody else's text in it. A new output is one line here: then every
 * vector and the random texts of R10 are tried with it.
 */
export const OUTPUTS: readonly Output[] = [
  ...[slackMessageOutput, slackButtonsOutput, slackDigestOutput, slackAnswerOutput, slackFormOutput],
  ...[snsOutput, chatOutput, datadogEvent, datadogGauges],
  ...[terminalOutput, jsonOutput, apiOutput, gateOutput, gateSummary, pictureOutput, overviewOutput],
];
