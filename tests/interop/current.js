// Calls with @alicloud/cdn20180510, the current generation of the Node client.
'use strict';

const cdn = require('@alicloud/cdn20180510');
const { $OpenApiUtil } = require('@alicloud/openapi-core');
const $dara = require('@darabonba/typescript');

const loop = require('./loop.js');

const Client = cdn.default;

// The same requests, but for the format of the response. The typed methods cannot be asked for XML, so
// their last step is: it is where the request is signed and sent. The response is read by the client's
// own XML reader.
class XmlClient extends Client {
  async callApi(params, request, runtime) {
    params.bodyType = 'string';
    if (this._signatureAlgorithm === 'v2') {
      request.query = { ...request.query, Format: 'XML' };
    } else {
      request.headers = { ...request.headers, accept: 'application/xml' };
    }
    const response = await super.callApi(params, request, runtime);
    [this.fields] = Object.values($dara.XML.parseXml(response.body, null));
    return { ...response, body: {} };
  }
}

const call = async (given) => {
  const { operation, parameters } = given;
  const xml = given.format === 'xml';
  const config = new $OpenApiUtil.Config({
    accessKeyId: given.access_key_id,
    accessKeySecret: given.access_key_secret,
    securityToken: given.security_token,
    endpoint: given.endpoint,
    protocol: 'http',
    signatureAlgorithm: given.signature === 'hmac1' ? 'v2' : undefined,
  });
  const client = new (xml ? XmlClient : Client)(config);
  const method = operation[0].toLowerCase() + operation.slice(1);
  const args = [];
  // Operations without parameters have no request type.
  const type = cdn[`${operation}Request`];
  if (type) {
    const entries = Object.entries(type.names()).map(([name, wire]) => [name, parameters[wire]]);
    const request = new type(Object.fromEntries(entries));
    if (Object.keys(request.toMap()).length !== Object.keys(parameters).length) {
      throw new Error(`${operation}Request has not all of ${JSON.stringify(parameters)}`);
    }
    args.push(request);
  }
  let response;
  try {
    response = await client[method](...args);
  } catch (error) {
    if (error.statusCode === undefined) {
      throw error;
    }
    return loop.error(error.code, error.message, error.statusCode, error.requestId);
  }
  return loop.answer(xml ? client.fields : response.body.toMap());
};

loop.run(call);
