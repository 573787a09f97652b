/** What `/lineage help` says. */
export const HELP: readonly string[] = [
  '/lineage <anything> [time]          which image and commit it is, or was: a tag, digest, commit,',
  '                                    service or finding',
  '/lineage demo-api:latest yesterday 03:10',
  '/lineage demo-api:latest~1          the image before; @{3.hours.ago} is a time',
  '/lineage CVE-2026-1234              which images have it, and which services run them',
  '/lineage history demo-api:latest    everywhere a tag has pointed, newest first',
  '/lineage diff demo-api:latest~1 demo-api:latest',
  '/lineage service shop/api 3h ago    what an ECS service ran',
  '/lineage … --findings               options as in a terminal; --tz Europe/Berlin for another zone',
  '/lineage … share                    for all in the channel; else only you see the answer',
];
