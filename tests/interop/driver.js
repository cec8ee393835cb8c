// The loop of the Node drivers: reads a call per line and writes a result per line, as JSON.
'use strict';

const readline = require('readline');

// Calls the function for each line of stdin and prints its result before the next line is read. The
// caller waits for the result, so that it knows which requests the service received for the call.
exports.run = async (call) => {
  // stdout is reserved for results.
  console.log = console.error;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let result;
    try {
      result = await call(JSON.parse(line));
    } catch (error) {
      result = { client_error: error.stack };
    }
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  // Idle keep-alive connections would keep the process running.
  process.exit();
};

// Returns the result for a response.
exports.response = (fields, isGeneric = false) => ({ response: fields, is_generic: isGeneric });

// Returns the result for an error of the service.
exports.serviceError = (code, message, status, requestId, isGeneric = false) => ({
  service_error: { code, message, status, request_id: requestId },
  is_generic: isGeneric,
});

// Returns the result if the client does not have the operation.
exports.notSupported = (message) => ({ not_supported: message });
