import type { Place } from '../doctor/deployment.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { AREAS, type Diagnosis, idOf } from '../doctor/diagnosis.ts';
import type { DoctorPorts } from '../doctor/facts.ts';
import { gather } from '../doctor/gather.ts';
import { type Instant, toInstant } from '../instant.ts';
import { doctorPorts } from '../services/doctor.ts';
import type { Output } from './command.ts';
import { checkLine, countsOf, fixLine, paint } from './doctor-words.ts';
import { bothZones } from './time.ts';

const SCHEMA = 'scan-response.doctor/v1';

interface Examined {
  readonly stage: string;
  readonly place: Place | undefined;
  readonly checkedAt: Instant;
  readonly diagnoses: readonly Diagnosis[];
}

/** Asks AWS and judges the answers. `progress` hears how many questions are answered. */
export async function examine(
  stage: string,
  region: string | undefined,
  progress: (text: string) => void,
): Promise<Examined> {
  const ports = counted(doctorPorts(region), progress);
  const now = ports.now();
  const examination = await gather(stage, ports);
  const diagnoses = diagnose(examination, { now, say: bothZones });
  return { stage, place: examination.deployment.place, checkedAt: toInstant(now), diagnoses };
}

/** What the doctor says, for people and for programs. */
export function report({ stage, place, checkedAt, diagnoses }: Examined): Omit<Output, 'exit'> {
  const counts = countsOf(diagnoses);
  const where = place ? `, ${place.account} ${place.region}` : '';
  return {
    lines: [
      `scan-response-${stage}${where}, ${bothZones(checkedAt)}`,
      ...AREAS.flatMap((area) => areaLines(area, diagnoses)),
      ...unknownLines(diagnoses),
      '',
      `${counts.fault} faults, ${counts.warning} warnings, ${counts.unknown} not checked, ${counts.ok} ok`,
    ],
    paint,
    document: {
      schema: SCHEMA,
      stage,
      ...(place && { account: place.account, region: place.region }),
      checkedAt,
      counts,
      checks: diagnoses.map((diagnosis) => ({ id: idOf(diagnosis), ...diagnosis })),
    },
  };
}

function areaLines(area: string, all: readonly Diagnosis[]): readonly string[] {
  const diagnoses = all.filter((diagnosis) => diagnosis.area === area);
  const subjects = [...new Set(diagnoses.map(({ subject }) => subject))];
  const lines = subjects.flatMap((subject) => subjectLines(diagnoses.filter((it) => it.subject === subject)));
  return lines.length === 0 ? [] : ['', area, ...lines];
}

/** A healthy subject takes one line; of the others only what is wrong is shown, with its fix. */
function subjectLines(diagnoses: readonly Diagnosis[]): readonly string[] {
  const wrong = diagnoses.filter(({ state }) => state !== 'ok');
  if (wrong.length > 0) return unique(wrong.flatMap(wrongLines));
  const [first] = diagnoses;
  const says = diagnoses.map((it) => it.says).join(', ');
  return first ? [checkLine('ok', first.subject, says), ...diagnoses.flatMap(fixLine)] : [];
}

/** What one permission would solve is said once, at the end. */
function wrongLines(diagnosis: Diagnosis): readonly string[] {
  const { state, subject, says } = diagnosis;
  return [checkLine(state, subject, says), ...(state === 'unknown' ? [] : fixLine(diagnosis))];
}

function unknownLines(diagnoses: readonly Diagnosis[]): readonly string[] {
  const fixes = unique(diagnoses.flatMap(({ state, fix }) => (state === 'unknown' && fix ? [fix] : [])));
  return fixes.length === 0 ? [] : ['', 'to check the rest', ...fixes.map((fix) => `  ${fix}`)];
}

function unique(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)];
}

/** The same ports, which tell how many of the questions asked so far are answered. */
function counted(ports: DoctorPorts, progress: (text: string) => void): DoctorPorts {
  let asked = 0;
  let answered = 0;
  const watch =
    <A extends unknown[], R>(port: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      asked += 1;
      const answer = await port(...args);
      answered += 1;
      progress(`${answered} of ${asked} questions answered`);
      return answer;
    };
  const { now, ...questions } = ports;
  const watched = Object.entries(questions).map(([name, port]) => [name, watch(port as never)]);
  return { now, ...Object.fromEntries(watched) };
}
