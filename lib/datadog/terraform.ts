import type { Declared } from './declared.ts';

const RESOURCE = {
  monitor: { type: 'datadog_monitor_json', attribute: 'monitor' },
  dashboard: { type: 'datadog_dashboard_json', attribute: 'dashboard' },
} as const;

/**
 * The same documents as resources of Datadog's Terraform provider. Its `…_json` resources take what the API takes, so
 * that there is no second spelling that could drift.
 * https://registry.terraform.io/providers/DataDog/datadog/latest/docs/resources/monitor_json
 */
export function terraform(all: readonly Declared[]): readonly string[] {
  return all.flatMap(({ key, kind, body }, nth) => {
    const { type, attribute } = RESOURCE[kind];
    const [first, ...more] = JSON.stringify(body, undefined, 2).split('\n');
    return [
      ...(nth > 0 ? [''] : []),
      `resource "${type}" "scan_response_${key}" {`,
      ...[`${attribute} = jsonencode(${first}`, ...more].map((line) => `  ${literal(line)}`).slice(0, -1),
      '  })',
      '}',
    ];
  });
}

/** JSON is an expression of HCL, but for its templates: https://developer.hashicorp.com/terraform/language/expressions/strings */
function literal(line: string): string {
  return line.replaceAll('${', () => '$${').replaceAll('%{', '%%{');
}
