// Makes calls with @alicloud/pop-core, the classic Node client. It has no types: all calls are generic.
'use strict';

const { RPCClient } = require('@alicloud/pop-core');

const driver = require('./driver.js');

const call = async (params) => {
  const client = new RPCClient({
    accessKeyId: params.access_key_id,
    accessKeySecret: params.access_key_secret,
    securityToken: params.security_token,
    endpoint: `http://${params.endpoint}`,
    apiVersion: params.version,
  });
  // With GET the client sends all parameters in the query, with POST all in the form.
  const method = params.operation.startsWith('Describe') ? 'GET' : 'POST';
  const parameters = { ...params.parameters, ...params.texts };
  try {
    const fields = await client.request(params.operation, parameters, { method });
    return driver.response(fields, true);
  } catch (error) {
    if (error.entry === undefined) {
      throw error;
    }
    const { Message: message, RequestId: requestId } = error.data;
    return driver.serviceError(String(error.code), message, error.entry.response.statusCode, requestId, true);
  }
};

driver.run(call);
