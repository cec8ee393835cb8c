"""Makes calls with the classic Python clients, aliyun-python-sdk-cdn and those of the other products."""

import importlib
import json

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import RpcRequest
from darabonba.utils.xml import XML

import driver


def call(params):
    is_xml = params["format"] == "xml"
    key = (params["access_key_id"], params["access_key_secret"])
    if params["security_token"]:
        credential = StsTokenCredential(*key, params["security_token"])
        client = AcsClient(credential=credential, auto_retry=False)
    else:
        client = AcsClient(*key, auto_retry=False)
    request, is_generic = build_request(params)
    request.set_endpoint(params["endpoint"])
    request.set_protocol_type("http")
    request.set_accept_format("XML" if is_xml else "JSON")
    try:
        # The documented method sets the format to JSON, so XML needs the method that it calls.
        if is_xml:
            _, _, body, exception = client._implementation_of_do_action(request)
            if exception:
                raise exception
        else:
            body = client.do_action_with_exception(request)
    except ServerException as e:
        return driver.service_error(
            e.get_error_code(),
            e.get_error_msg(),
            e.get_http_status(),
            e.get_request_id(),
            is_generic,
        )
    # This client returns the body without decoding it.
    if is_xml:
        (fields,) = XML.parse_xml(body).values()
    else:
        fields = json.loads(body)
    return driver.response(fields, is_generic)


def build_request(params):
    """Returns the request, and whether it is generic because the client has no type for it."""
    product, version, operation = params["product"], params["version"], params["operation"]
    parameters, texts = params["parameters"], params["texts"] or {}
    name = f"{operation}Request"
    package = f"aliyunsdk{product.lower()}.request.v{version.replace('-', '')}.{name}"
    try:
        module = importlib.import_module(package)
    except ModuleNotFoundError:
        is_generic = True
    else:
        request = getattr(module, name)()
        setters = request_setters(request)
        is_generic = any(driver.plain(parameter) not in setters for parameter in parameters)
    if is_generic:
        request = RpcRequest(product, version, operation)
        request.set_method("POST")
    for parameter, value in parameters.items():
        text = texts.get(parameter, value)
        if is_generic:
            add_pairs(request, parameter, text)
            continue
        setter = setters[driver.plain(parameter)]
        # Most setters take what is sent, but some write JSON or join a list.
        makes_text = {"dumps", "join"}.intersection(setter.__code__.co_names)
        setter(value if makes_text else text)
    return request, is_generic


def request_setters(request):
    """Returns the methods that set parameters, by the plain names of the parameters."""
    names = [name for name in dir(request) if name.startswith("set_") and name[4].isupper()]
    return {driver.plain(name[4:]): getattr(request, name) for name in names}


def add_pairs(request, name, value):
    """Adds a parameter, or those of the items of a list and the fields of an object."""
    if isinstance(value, list):
        for index, item in enumerate(value, start=1):
            add_pairs(request, f"{name}.{index}", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            add_pairs(request, f"{name}.{key}", item)
    else:
        request.add_query_param(name, value)


driver.run(call)
