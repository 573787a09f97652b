import * as v from 'valibot';
import { DAYS } from '../policy/day.ts';
import { endOfQuiet, type QuietHours as Quiet } from '../policy/quiet-hours.ts';
import { isZone } from '../wall-clock.ts';

// Quiet hours and digests of a policy file: docs/policy.md.

const Time = v.pipe(
  v.string('takes a time, as "22:00"'),
  v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'takes a time of 24 hours, as "07:30"'),
);

const Zone = v.pipe(
  v.string('takes the name of a time zone'),
  // Node 22 takes an offset for a zone: who writes +01:00 in winter is told an hour late in summer.
  v.check((name) => /^[A-Za-z]/.test(name) && isZone(name), 'is no time zone: try Europe/Berlin or UTC'),
);

const Days = v.pipe(
  v.array(v.picklist(DAYS, `takes one of ${DAYS.join(', ')}`), 'takes a list of days, as [sat, sun]'),
  v.minLength(1, 'takes one day at least'),
);

/** What a pattern says to have none, though others do. */
const None = v.literal('none');

const Hours = v.pipe(
  v.strictObject(
    { from: v.optional(Time), to: v.optional(Time), allDay: v.optional(Days), zone: Zone },
    'takes { from: "22:00", to: "07:00", zone: Europe/Berlin }, or none',
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    const message = dataset.typed && dataset.issues === undefined && whyNever(dataset.value as Quiet);
    if (message) addIssue({ message });
  }),
);

const At = v.strictObject(
  { at: Time, days: v.optional(Days), zone: Zone },
  'takes { at: "09:00", zone: Europe/Berlin }, or none',
);

/** One of the two, by what is there: a list of both would say of every fault that it is no `none` either. */
export const QuietHours = v.lazy((input) => (input === 'none' ? None : Hours));
export const Digest = v.lazy((input) => (input === 'none' ? None : At));

/** What is wrong with times that are right each by itself. */
function whyNever(quiet: Quiet): string | undefined {
  const { from, to, allDay } = quiet;
  if ((from === undefined) !== (to === undefined)) return 'takes from and to, or neither of them';
  if (from === undefined && allDay === undefined) return 'takes from and to, or allDay: when is it quiet?';
  if (from !== undefined && from === to) return 'takes two different times: for whole days there is allDay';
  return endOfQuiet(quiet, 0) === undefined ? 'never ends: leave a time in which people are told' : undefined;
}
