"""Makes calls with aliyun-python-sdk-cdn, the classic Python client."""

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
    request, is_generic = build_request(params["operation"], params["parameters"])
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


def build_request(operation, parameters):
    """Returns the request, and whether it is generic because the client has no type for it."""
    name = f"{operation}Request"
    try:
        module = importlib.import_module(f"aliyunsdkcdn.request.v20180510.{name}")
    except ModuleNotFoundError:
        request = RpcRequest("Cdn", "2018-05-10", operation)
        request.set_method("POST")
        is_generic = True
    else:
        request = getattr(module, name)()
        is_generic = not all(hasattr(request, f"set_{parameter}") for parameter in parameters)
    for parameter, value in parameters.items():
        if is_generic:
            request.add_query_param(parameter, value)
        else:
            getattr(request, f"set_{parameter}")(value)
    return request, is_generic


driver.run(call)
