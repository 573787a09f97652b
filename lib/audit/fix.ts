import { word } from '../doctor/fix.ts';
import type { Repository } from '../image/reference.ts';

/** A command of the AWS CLI about one repository. */
export function onRepository({ name, region }: Repository, command: string): string {
  const [verb = '', ...rest] = command.split(' ');
  const more = rest.length > 0 ? ` ${rest.join(' ')}` : '';
  return `aws ecr ${verb} --repository-name ${word(name)}${more} --region ${word(region)}`;
}

/** A command of the AWS CLI about a whole registry. */
export function onRegistry({ region }: Pick<Repository, 'region'>, command: string): string {
  return `aws ecr ${command} --region ${word(region)}`;
}
