/** A folder that pages link to: on a forge a list of its files, here a page. */
export const SCHEMAS = 'docs/schemas';

/**
 * The schemas of what commands say with `--json`, as Markdown, made from what they say of themselves.
 *
 * @param {ReadonlyMap<string, string>} files name → its text
 */
export function schemasPage(files) {
  const rows = [...files].map(([name, text]) => {
    const { title, description } = JSON.parse(text);
    return `| [${title}](schemas/${name}) | ${description.replace(/ A later v1 .*$/, '').replaceAll('|', '\\|')} |`;
  });
  return `# Schemas

Every document that a command prints with \`--json\` names its schema in \`schema\`. Each is a JSON Schema (2020-12). A later
\`v1\` may add properties: ignore the ones you do not know. What is sent, and not printed, has a schema too:
[notices](notice.schema.json) and [verdicts](image-verdict.schema.json).

| schema | describes |
| --- | --- |
${rows.join('\n')}
`;
}
