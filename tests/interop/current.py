"""Makes calls with the current Python clients, alibabacloud-cdn20180510 and those of the other products."""

import functools
import importlib

from alibabacloud_tea_openapi import utils_models
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from darabonba.model import DaraModel
from darabonba.utils.xml import XML

import driver


@functools.cache
def package(product, version):
    """Returns the client, a client that requests XML, the models and the methods by their plain names."""
    name = f"alibabacloud_{product.lower()}{version.replace('-', '')}"
    models = importlib.import_module(f"{name}.models")
    client = importlib.import_module(f"{name}.client").Client
    methods = {driver.plain(name): name for name in dir(client)}
    return client, xml_client(client), models, methods


def xml_client(client):
    """Returns a class of clients that request XML responses.

    The typed methods have no option for the format. They all call `call_api`, which signs and sends the
    request, so the format is set there. The response is decoded with the client's XML parser.
    """

    class XmlClient(client):
        def call_api(self, params, request, runtime):
            params.body_type = "string"
            if self._signature_algorithm == "v2":
                request.query = {**(request.query or {}), "Format": "XML"}
            else:
                request.headers = {**(request.headers or {}), "accept": "application/xml"}
            response = super().call_api(params, request, runtime)
            (self.fields,) = XML.parse_xml(response["body"]).values()
            return {**response, "body": {}}

    return XmlClient


@functools.cache
def declared_types(model):
    """Returns the declared type of each attribute, by its plain name."""
    return {driver.plain(name): type for name, type in model.__init__.__annotations__.items()}


def build_request(model, parameters, texts):
    """Returns a request. A parameter that is one text is set to it where the model has a text."""
    types = declared_types(model)
    values = {}
    for name, value in parameters.items():
        is_text = name in texts and types.get(driver.plain(name)) == "str"
        values[name] = texts[name] if is_text else value
    return model().from_map(values)


def call(params):
    operation, is_xml = params["operation"], params["format"] == "xml"
    client_type, xml_type, models, methods = package(params["product"], params["version"])
    method = methods.get(driver.plain(operation))
    if method is None:
        return driver.not_supported(f"{client_type.__module__} has no method for {operation}")
    config = utils_models.Config(
        access_key_id=params["access_key_id"],
        access_key_secret=params["access_key_secret"],
        security_token=params["security_token"],
        endpoint=params["endpoint"],
        protocol="http",
        signature_algorithm="v2" if params["signature"] == "hmac1" else None,
    )
    client = (xml_type if is_xml else client_type)(config)
    arguments = []
    # Operations without parameters have no request type.
    if request_type := getattr(models, f"{operation}Request", None):
        arguments.append(build_request(request_type, params["parameters"], params["texts"] or {}))
    try:
        response = getattr(client, method)(*arguments)
    except AlibabaCloudException as e:
        return driver.service_error(e.code, e.message, e.status_code, e.request_id)
    if is_xml:
        return driver.response(client.fields)
    types = dict(other_types(response.body, ""))
    return {**driver.response(response.body.to_map()), "other_types": types}


def other_types(model, path):
    """Returns the place and the declared type of each value of a model that has another type.

    The models keep every value, whatever they declare.
    """
    for name, declared in type(model).__init__.__annotations__.items():
        yield from other_types_of(getattr(model, name), declared, f"{path}.{name}")


def other_types_of(value, declared, path):
    if isinstance(value, DaraModel):
        yield from other_types(value, path)
    elif isinstance(value, list):
        item_type = declared.removeprefix("List[").removesuffix("]")
        for item in value:
            yield from other_types_of(item, item_type, path)
    elif value is not None and not isinstance(value, dict):
        # A number without a fraction is an `int` in JSON.
        if type(value).__name__ != declared and (type(value), declared) != (int, "float"):
            yield path, declared


driver.run(call)
