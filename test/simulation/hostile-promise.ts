/** R10 is measured in several files: one row. */
export const R10 = {
  id: 'R10',
  promise: 'hostile messages and texts do nothing',
  target:
    '1,000,000 fuzzed messages: 0 throws but InvalidEvent, 0 over 50 ms; 200,000 scenes per output: 0 hidden characters, 0 mrkdwn from texts of others, 0 over a limit; at least 60 vectors',
} as const;
