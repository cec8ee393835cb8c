// What both Node drivers share: a case a line in, what became of it a line out.
'use strict';

const readline = require('readline');

// Answers each line of stdin with one line, so that the judge can look at the double in between.
exports.run = async (call) => {
  // stdout belongs to the outcomes.
  console.log = console.error;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let outcome;
    try {
      outcome = await call(JSON.parse(line));
    } catch (error) {
      outcome = { broken: error.stack };
    }
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
  // Connections that are kept alive would keep the process alive too.
  process.exit();
};

exports.answer = (fields, byName = false) => ({ answer: fields, by_name: byName });

exports.error = (code, message, status, requestId, byName = false) => ({
  error: { code, message, status, request_id: requestId },
  by_name: byName,
});
