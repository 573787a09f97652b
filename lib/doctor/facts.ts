import type { Instant } from '../instant.ts';
import type { TableName, TopicName } from './blueprint.ts';
import type { Reading } from './reading.ts';

export interface RuleFacts {
  readonly arn: string;
  readonly isEnabled: boolean;
  /** JSON text; empty for a schedule. */
  readonly pattern: string;
  /** `rate(…)` of a schedule. */
  readonly schedule?: string;
}

export interface TargetFacts {
  readonly arn: string;
  readonly deadLetterArn?: string;
}

export interface QueueFacts {
  readonly arn: string;
  readonly url: string;
  readonly waiting: number;
  readonly visibilitySeconds: number;
  /** JSON text. */
  readonly policy?: string;
  readonly deadLetterArn?: string;
}

export interface FunctionFacts {
  readonly arn: string;
  readonly roleArn: string;
  readonly state: string;
  readonly lastUpdate: string;
  readonly reason?: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface MappingFacts {
  readonly id: string;
  readonly queueArn: string;
  readonly state: string;
  readonly reportsEachFailure: boolean;
}

export interface RoleFacts {
  /** The inline policies, JSON texts. */
  readonly policies: readonly string[];
  /** Names of attached policies, which are not read. */
  readonly attached: readonly string[];
}

export interface TableFacts {
  readonly arn: string;
  readonly status: string;
  readonly isProtected: boolean;
  readonly indexes: readonly { readonly name: string; readonly status?: string }[];
}

/** What may be known of a secret: never its value. */
export interface SecretFacts {
  readonly type: string;
  readonly isEmpty: boolean;
}

export interface TopicFacts {
  readonly confirmed: number;
  readonly pending: number;
}

export interface AlarmFacts {
  readonly name: string;
  readonly isRinging: boolean;
  readonly isArmed: boolean;
  readonly actions: readonly string[];
}

/** The registry's scanning configuration. */
export interface ScanningFacts {
  readonly type: string;
  readonly rules: readonly { readonly frequency: string; readonly filters: readonly string[] }[];
}

/** The newest item that was seen; only a lower bound when the table is larger than one look. */
export interface NewestFacts {
  readonly at?: Instant;
  readonly isWhole: boolean;
}

/** How the account is asked; names are full names. Nothing here writes. */
export interface DoctorPorts {
  readonly now: () => Date;
  readonly readRule: (name: string) => Promise<Reading<RuleFacts>>;
  readonly readTargets: (rule: string) => Promise<Reading<readonly TargetFacts[]>>;
  readonly readQueue: (name: string) => Promise<Reading<QueueFacts>>;
  /** Seconds by queue; a queue that is empty or idle has none. */
  readonly readOldestAges: (
    names: readonly string[],
  ) => Promise<Reading<Readonly<Record<string, number | undefined>>>>;
  readonly readFunction: (name: string) => Promise<Reading<FunctionFacts>>;
  /** Absent when nothing is reserved. */
  readonly readReservedConcurrency: (name: string) => Promise<Reading<number>>;
  readonly readMappings: (functionName: string) => Promise<Reading<readonly MappingFacts[]>>;
  readonly readRole: (name: string) => Promise<Reading<RoleFacts>>;
  readonly readTable: (name: string) => Promise<Reading<TableFacts>>;
  /** Whether point-in-time recovery is on. */
  readonly readRecovery: (table: string) => Promise<Reading<boolean>>;
  readonly readNewest: (table: string, kind: TableName) => Promise<Reading<NewestFacts>>;
  readonly readSecret: (name: string) => Promise<Reading<SecretFacts>>;
  readonly readTopic: (arn: string) => Promise<Reading<TopicFacts>>;
  readonly readAlarms: (prefix: string) => Promise<Reading<readonly AlarmFacts[]>>;
  readonly readScanning: () => Promise<Reading<ScanningFacts>>;
}

/** Everything that was asked, by short names. What depends on an answer that did not come was not asked. */
export interface Facts {
  /** Rules with a pattern, and schedules. */
  readonly rules: Readonly<Record<string, RuleReadings>>;
  readonly queues: Readonly<Record<string, Reading<QueueFacts>>>;
  readonly oldestAges: Reading<Readonly<Record<string, number | undefined>>>;
  readonly functions: Readonly<Record<string, FunctionReadings>>;
  readonly tables: Readonly<Record<TableName, TableReadings>>;
  readonly secrets: Readonly<Record<string, Reading<SecretFacts> | undefined>>;
  readonly topics: Readonly<Record<TopicName, Reading<TopicFacts> | undefined>>;
  readonly alarms: Reading<readonly AlarmFacts[]>;
  readonly scanning: Reading<ScanningFacts>;
}

export interface RuleReadings {
  readonly rule: Reading<RuleFacts>;
  readonly targets: Reading<readonly TargetFacts[]>;
}

export interface FunctionReadings {
  readonly configuration: Reading<FunctionFacts>;
  readonly reserved: Reading<number>;
  readonly mappings: Reading<readonly MappingFacts[]>;
  readonly role: Reading<RoleFacts> | undefined;
}

export interface TableReadings {
  readonly table: Reading<TableFacts>;
  readonly recovery: Reading<boolean>;
  readonly newest: Reading<NewestFacts>;
}
