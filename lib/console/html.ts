/** What the page is told of the server that it came from. */
export interface Setting {
  readonly stage: string;
  /** The zone in which the server reads times that have none, and in which the page prints them beside UTC. */
  readonly zone: string;
}

/** The page before it has asked anything: what is seen at once, without waiting for the script. */
export function pageHtml({ stage, zone }: Setting): string {
  return `<!doctype html>
<html lang="en" data-stage="${attribute(stage)}" data-zone="${attribute(zone)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>scan-response</title>
<link rel="icon" href="icon.svg">
<link rel="stylesheet" href="style.css">
<script src="page.js" defer></script>
</head>
<body>
<a class="skip" href="#main">To the answer</a>
<header>
<a class="home" href="#/">scan-response</a>
<form id="search" role="search">
<label class="grow"><span class="label">Ask for a tag, digest, commit, service or CVE</span>
<input id="subject" name="subject" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="1000" placeholder="demo-api:latest" required></label>
<label><span class="label">as of</span>
<input id="moment" name="moment" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="60" placeholder="now"></label>
<button type="submit">Look up</button>
</form>
<p class="setting"><span>stage ${attribute(stage)}</span> <span>${attribute(zone)} and UTC</span></p>
</header>
<main id="main" tabindex="-1"></main>
<p id="status" role="status" class="unseen"></p>
</body>
</html>
`;
}

/** A stage and a zone are words of letters, digits and a few signs; whatever else they hold is not for HTML. */
function attribute(text: string): string {
  return text.replace(/[^A-Za-z0-9_+/-]/g, '_');
}
