import { expect, test } from 'vitest';
import type { Digest } from '../../lib/image/digest.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import { aRepository } from '../build/lineage.ts';
import type { Tables } from '../doubles/dynamodb.ts';
import { textComplaints } from '../hostile/rules.ts';
import { VECTORS } from '../hostile/vectors.ts';
import { consoleOver, settled } from './console.ts';
import { builderSays, cve, digestOf, historian, hoursAgo } from './world.ts';

/** As much of each as DynamoDB and a screen hold. */
const TEXTS = VECTORS.map(({ text }) => text.slice(0, 3000));
const OLD = digestOf('hostile old');
const NEW = digestOf('hostile new');

const { open, url } = consoleOver(recordHostile);

/** Everything that somebody else may write, in every place that this page shows. */
async function recordHostile(tables: Tables): Promise<void> {
  const evil = historian(tables, aRepository({ name: 'evil' }));
  for (const [nth, text] of TEXTS.entries()) {
    const digest = digestOf(`hostile ${nth}`);
    await evil.tag('latest', hoursAgo(200 - nth), digest, { actor: untrusted(text) });
    await evil.image(digest, ['latest'], { evidence: [hostileEvidence(text)] });
  }
  for (const [digest, hours] of [
    [OLD, 3],
    [NEW, 2],
  ] as const) {
    await evil.tag('latest', hoursAgo(hours), digest);
    await evil.image(digest, ['latest'], { evidence: TEXTS.slice(0, 8).map(hostileEvidence) });
    await evil.run('evil', digest, hoursAgo(hours));
  }
  await scanned(evil, OLD, TEXTS.slice(0, 60));
  await scanned(evil, NEW, TEXTS.slice(40));
  await evil.look(
    'latest',
    NEW,
    hoursAgo(1),
    TEXTS.slice(40).map((text) => cve(text, 'CRITICAL')),
  );
  for (const [nth, text] of TEXTS.entries()) {
    const look = { pushedAt: hoursAgo(1), status: text };
    await evil.tag(`${nth}-latest`, hoursAgo(1), OLD);
    await evil.unscanned(`${nth}-latest`, OLD, hoursAgo(1), look);
  }
}

function hostileEvidence(text: string) {
  const words = {
    repoUrl: untrusted(text),
    ref: untrusted(text),
    directory: untrusted(text),
    buildUrl: untrusted(text),
  };
  return builderSays(`built with ${text}`, words);
}

async function scanned(
  evil: ReturnType<typeof historian>,
  digest: Digest,
  texts: readonly string[],
): Promise<void> {
  const findings = texts.map((text, nth) => {
    const name = untrusted(text);
    return cve(text, 'CRITICAL', { score: nth % 10, packages: [{ name, version: name, fixedIn: name }] });
  });
  await evil.scan(digest, hoursAgo(1), findings);
}

/** What the page must not have, whatever it was told; looked at from inside. */
function harm() {
  const own = ['SCRIPT', 'LINK', 'META'];
  const elements = [...document.querySelectorAll('*')];
  const handlers = elements.flatMap((it) => it.getAttributeNames().filter((name) => name.startsWith('on')));
  const foreign = elements.filter((it) =>
    ['IFRAME', 'IMG', 'OBJECT', 'EMBED', 'BASE', 'AT'].includes(it.tagName),
  );
  const heads = [...document.body.querySelectorAll(own.join())];
  const links = [...document.querySelectorAll('a')].map((it) => it.href);
  const wide = document.documentElement.scrollWidth > innerWidth;
  const texts: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node.nodeValue ?? '');
  const attributes = elements.flatMap((it) =>
    it.getAttributeNames().map((name) => it.getAttribute(name) ?? ''),
  );
  return { handlers, foreign: foreign.length, heads: heads.length, links, wide, texts, attributes };
}

const HOSTS = /^(?:https:\/\/github\.com\/|http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/#)/;

const [OLDER, NEWER] = [OLD, NEW].map((it) => encodeURIComponent(`evil@${it}`));

test.each(['#/', '#/ask/evil%3Alatest', `#/diff/${OLDER}/${NEWER}`, `#/ask/${OLDER}`, '#/ask/prod%2Fevil'])(
  '%s shows what others wrote, and nothing of it acts',
  async (path) => {
    const { page, complaints } = await open(path);
    const seen: string[] = [];
    for (const step of [1, 2, 3, 4, 5, 6, 7, 8]) {
      await page.locator('.moves').evaluateAll((all, by) => {
        for (const it of all) it.scrollTop = by * 800;
      }, step - 1);
      for (const more of await page.getByRole('button', { name: /^Show / }).all()) await more.click();
      await page.waitForTimeout(200);
      const found = await page.evaluate(harm);
      expect({ ...found, links: [], texts: [], attributes: [] }).toEqual({
        ...{ handlers: [], foreign: 0, heads: 0, wide: false },
        ...{ links: [], texts: [], attributes: [] },
      });
      expect(found.links.filter((it) => !HOSTS.test(it))).toEqual([]);
      // The line feeds between our own elements are no text of others.
      const told = [...found.texts.filter((it) => it.trim() !== ''), ...found.attributes];
      expect(told.flatMap((it) => textComplaints(it))).toEqual([]);
      seen.push(...found.texts);
    }
    if (path.includes('sha256')) expect(seen.some((it) => it.includes('<!channel>'))).toBe(true);
    expect(complaints).toEqual([]);
  },
);

test('nor does anything in the address, or in the box', async () => {
  const { page, complaints } = await open('#/');
  for (const text of TEXTS.filter((it) => it.trim() !== '' && it.isWellFormed())) {
    const subject = encodeURIComponent(text.slice(0, 1000));
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#/ask/${subject}`);
    await page.waitForFunction(() => !document.querySelector('[aria-busy]') && document.querySelector('h1'));
    const { handlers, foreign, heads, wide } = await page.evaluate(harm);
    expect({ handlers, foreign, heads, wide }, text.slice(0, 60)).toEqual({
      handlers: [],
      foreign: 0,
      heads: 0,
      wide: false,
    });
  }
  expect(page.url().startsWith(url())).toBe(true);
  expect(complaints).toEqual([]);
});

test('a script that got into the page would not run, and no other page can hold this one', async () => {
  const { page } = await open('#/');
  await settled(page);
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    try {
      script.textContent = 'window.ran = true';
      document.body.append(script);
    } catch {
      // Trusted Types refuse the text before the policy refuses the script.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    return 'ran' in window;
  });
  expect(ran).toBe(false);
  const framed = await page.context().newPage();
  await framed.setContent(`<iframe src="${url()}"></iframe>`);
  await framed.waitForTimeout(500);
  expect(await framed.frames().at(-1)?.locator('#search').count()).toBe(0);
});
