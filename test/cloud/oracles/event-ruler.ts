import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../tools.ts';
import type { Question } from './questions.ts';

/** Whether the event passes, or why the pattern is refused. */
export type Answer = boolean | string;

const run = promisify(execFile);
const POM = fileURLToPath(new URL('event-ruler/pom.xml', import.meta.url));
const MATCH = fileURLToPath(new URL('event-ruler/Match.java', import.meta.url));
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Why AWS's Event Ruler cannot run here and what to do about it; undefined when it can, and is there. */
export async function missingForEventRuler(): Promise<string | undefined> {
  const java = await run('javac', ['-version']).catch(() => undefined);
  if (!java)
    return 'AWS’s Event Ruler needs a JDK of version 17 or newer: apt-get install openjdk-17-jdk-headless';
  const maven = await run('mvn', ['--version']).catch(() => undefined);
  if (!maven) return 'AWS’s Event Ruler comes from Maven Central: apt-get install maven';
  return prepareEventRuler().then(
    () => undefined,
    (error: unknown) => `AWS’s Event Ruler cannot be had from Maven Central: ${error}`,
  );
}

/** What AWS's own matcher answers to each question. */
export async function askEventRuler(questions: readonly Question[]): Promise<readonly Answer[]> {
  const folder = await prepareEventRuler();
  const java = spawn('java', ['-cp', join(folder, '*'), MATCH], { stdio: ['pipe', 'pipe', 'inherit'] });
  java.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const lines = (await text(java.stdout)).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** The folder with the Event Ruler's jars, fetched from Maven Central once. */
async function prepareEventRuler(): Promise<string> {
  const pinned = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 12);
  return cached(`event-ruler-${pinned}`, async (folder) => {
    await run('mvn', [
      '--batch-mode',
      '--quiet',
      '-f',
      POM,
      COPY_DEPENDENCIES,
      `-DoutputDirectory=${folder}`,
    ]);
  });
}
