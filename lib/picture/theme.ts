/** Slack's colours by day and by night, for whoever looks. No font is fetched: each reader's own is used. */
export const THEME = `
text { font-family: -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; white-space: pre; }
.card { fill: #ffffff; stroke: #d7d7d9; }
.text { font-size: 15px; fill: #1d1c1d; }
.header { font-size: 18px; font-weight: 800; fill: #1d1c1d; }
.small { font-size: 12.5px; fill: #616061; }
.bold { font-weight: 700; }
.link { fill: #1264a3; }
.mark { fill: #ffffff; }
.face { fill: #3b5fa8; }
@media (prefers-color-scheme: dark) {
  .card { fill: #1a1d21; stroke: #3c3f44; }
  .text, .header { fill: #e3e4e6; }
  .small { fill: #ababad; }
  .link { fill: #5eb3e8; }
  .face { fill: #4a72c4; }
}
`;
