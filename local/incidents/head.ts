import { ZONE } from './stories.ts';

/** What stands before the incidents: which question is which command, and how an answer is read. */
export const HEAD = `# Incident guide

Which question is which command, how to read what it answers, and three incidents from beginning to end. Every answer comes
from the two tables, with your own AWS credentials: no function has to be up. The same is in the [console](console.md), a page
on your own machine.

| you ask | you type |
| --- | --- |
| which commit is behind this tag? | \`scan-response who demo-api:latest\` |
| which was it at 03:10? | \`scan-response who "demo-api:latest@{today 03:10}"\` |
| what changed? | \`scan-response diff demo-api:latest~1 demo-api:latest\` |
| where did this tag point before? | \`scan-response history demo-api:latest\` |
| what does this service run, what did it run then? | \`scan-response service prod/demo --at "today 03:10"\` |
| is my fix in what runs? | \`scan-response contains 9b7e3c5a1d2f prod/demo\` |
| who has this CVE, who ran it since then? | \`scan-response cve CVE-2026-30611 --from "yesterday 12:00"\` |
| are the answers up to date? | \`scan-response doctor\` |

\`who\` takes a tag, a digest, a commit, a service or a CVE. Add \`--stage prod\`; without it \`dev\` is asked. Times are those of
your clock, or of \`--tz Europe/Berlin\`, and answers print UTC beside them. \`--json\` gives a document, for scripts. In a clone
of the repository the command is \`npx scan-response\`, after \`npm ci && npm run build\`.

| in an answer | it means |
| --- | --- |
| \`verified by the builder\` | the build's own provenance names the commit |
| \`unverified\` | somebody says so: a label, a tag, a declaration |
| \`CONFLICT\` | another source names another commit; both are shown |
| \`DOUBT\` | what is not known for certain, and why |
| \`may have a gap before …\` | nobody held the history against the registry before |
| \`no scan on record\` | nobody knows what is in it: not the same as clean |

Exit codes: 0 found, 1 usage, 2 not found or no, 3 several have that name, 4 in doubt, 5 AWS could not be asked.

The incidents below were made by \`npm run docs:incidents\`: the packaged functions take the events in, and the packaged
command line answers, on the embedded stack at 03:20 in ${ZONE}. A test makes this page again and compares.
`;
