// Calls with @alicloud/pop-core, the classic Node client, which has no types: an operation is a name.
'use strict';

const { RPCClient } = require('@alicloud/pop-core');

const loop = require('./loop.js');

const call = async (given) => {
  const client = new RPCClient({
    accessKeyId: given.access_key_id,
    accessKeySecret: given.access_key_secret,
    securityToken: given.security_token,
    endpoint: `http://${given.endpoint}`,
    apiVersion: '2018-05-10',
  });
  // Its two ways to send parameters: all in the query, and all in the form.
  const method = given.operation.startsWith('Describe') ? 'GET' : 'POST';
  try {
    const fields = await client.request(given.operation, given.parameters, { method });
    return loop.answer(fields, true);
  } catch (error) {
    if (error.entry === undefined) {
      throw error;
    }
    const { Message: message, RequestId: requestId } = error.data;
    return loop.error(error.code, message, error.entry.response.statusCode, requestId, true);
  }
};

loop.run(call);
