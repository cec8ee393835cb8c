// Makes calls with the current Node clients, @alicloud/cdn20180510 and those of the other products.
'use strict';

const openApi = require('@alicloud/openapi-core');
const $dara = require('@darabonba/typescript');

const driver = require('./driver.js');

const packages = new Map();

// Returns the types of a product, and a client that requests XML responses.
const loadPackage = (product, version) => {
  const name = `@alicloud/${product.toLowerCase()}${version.replaceAll('-', '')}`;
  if (!packages.has(name)) {
    const types = require(name);
    packages.set(name, { types, XmlClient: xmlClient(types.default) });
  }
  return packages.get(name);
};

// Returns a class of clients that request XML responses. The typed methods have no option for the format.
// They all call `callApi`, which signs and sends the request, so the format is set there. The response is
// decoded with the client's XML parser.
const xmlClient = (Client) =>
  class extends Client {
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
  };

// Returns a request. A parameter that is one text is set to it where the model has a text.
const buildRequest = (Request, parameters, texts) => {
  const types = Request.types();
  const values = {};
  for (const [name, wire] of Object.entries(Request.names())) {
    const isText = types[name] === 'string' && texts && wire in texts;
    values[wire] = isText ? texts[wire] : parameters[wire];
  }
  return $dara.cast(values, new Request({}));
};

const call = async (params) => {
  const { operation } = params;
  const isXml = params.format === 'xml';
  const { types, XmlClient } = loadPackage(params.product, params.version);
  const method = operation[0].toLowerCase() + operation.slice(1);
  if (!types.default.prototype[method]) {
    return driver.notSupported(`the client has no method ${method}`);
  }
  const config = new openApi.$OpenApiUtil.Config({
    accessKeyId: params.access_key_id,
    accessKeySecret: params.access_key_secret,
    securityToken: params.security_token,
    endpoint: params.endpoint,
    protocol: 'http',
    signatureAlgorithm: params.signature === 'hmac1' ? 'v2' : undefined,
  });
  const client = new (isXml ? XmlClient : types.default)(config);
  // Operations without parameters have no request type.
  const Request = types[`${operation}Request`];
  const args = Request ? [buildRequest(Request, params.parameters, params.texts)] : [];
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
