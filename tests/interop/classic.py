"""Calls with aliyun-python-sdk-cdn, the classic generation of the Python client."""

import importlib
import json

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import RpcRequest
from darabonba.utils.xml import XML

import loop


def call(case):
    operation, xml = case["operation"], case["format"] == "xml"
    key = (case["access_key_id"], case["access_key_secret"])
    if case["security_token"]:
        client = AcsClient(credential=StsTokenCredential(*key, case["security_token"]), auto_retry=False)
    else:
        client = AcsClient(*key, auto_retry=False)
    request, by_name = build(operation, case["parameters"])
    request.set_endpoint(case["endpoint"])
    request.set_protocol_type("http")
    request.set_accept_format("XML" if xml else "JSON")
    try:
        # The documented way to call sets the format to JSON, so XML takes the one before it.
        if xml:
            _, _, body, exception = client._implementation_of_do_action(request)
            if exception:
                raise exception
        else:
            body = client.do_action_with_exception(request)
    except ServerException as e:
        return loop.error(
            e.get_error_code(), e.get_error_msg(), e.get_http_status(), e.get_request_id(), by_name
        )
    # This client leaves reading to its user.
    if xml:
        (fields,) = XML.parse_xml(body).values()
    else:
        fields = json.loads(body)
    return loop.answer(fields, by_name)


def build(operation, parameters):
    """The request, and whether it was put together by names because the client has no type for it."""
    name = f"{operation}Request"
    try:
        module = importlib.import_module(f"aliyunsdkcdn.request.v20180510.{name}")
    except ModuleNotFoundError:
        request = RpcRequest("Cdn", "2018-05-10", operation)
        request.set_method("POST")
        by_name = True
    else:
        request = getattr(module, name)()
        by_name = not all(hasattr(request, f"set_{parameter}") for parameter in parameters)
    for parameter, value in parameters.items():
        if by_name:
            request.add_query_param(parameter, value)
        else:
            getattr(request, f"set_{parameter}")(value)
    return request, by_name


loop.run(call)
