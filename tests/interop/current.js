// Makes calls with @alicloud/cdn20180510, the current Node client.
'use strict';

const cdn = require('@alicloud/cdn20180510');
const { $OpenApiUtil } = require('@alicloud/openapi-core');
const $dara = require('@darabonba/typescript');

const driver = require('./driver.js');

const Client = cdn.default;

// A client that requests XML responses. The typed methods have no option for the format. They all call
// `callApi`, which signs and sends the request, so the format is set there. The response is decoded with
// the client's XML parser.
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

const call = async (params) => {
  const { operation, parameters } = params;
  const isXml = params.format === 'xml';
  const config = new $OpenApiUtil.Config({
    accessKeyId: params.access_key_id,
    accessKeySecret: params.access_key_secret,
    securityToken: params.security_token,
    endpoint: params.endpoint,
    protocol: 'http',
    signatureAlgorithm: params.signature === 'hmac1' ? 'v2' : undefined,
  });
  const client = new (isXml ? XmlClient : Client)(config);
  const method = operation[0].toLowerCase() + operation.slice(1);
  const args = [];
  // Operations without parameters have no request type.
  const Request = cdn[`${operation}Request`];
  if (Request) {
    const entries = Object.entries(Request.names()).map(([name, wire]) => [name, parameters[wire]]);
    const request = new Request(Object.fromEntries(entries));
    if (Object.keys(request.toMap()).length !== Object.keys(parameters).length) {
      throw new Error(`${operation}Request does not have all of ${JSON.stringify(parameters)}`);
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
    return driver.serviceError(error.code, error.message, error.statusCode, error.requestId);
  }
  return driver.response(isXml ? client.fields : response.body.toMap());
};

driver.run(call);
