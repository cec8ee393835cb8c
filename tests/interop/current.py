"""Calls with alibabacloud-cdn20180510, the current generation of the Python client."""

import re

from alibabacloud_cdn20180510 import models
from alibabacloud_cdn20180510.client import Client
from alibabacloud_tea_openapi import utils_models
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from darabonba.utils.xml import XML

import loop


class XmlClient(Client):
    """The same requests, but for the format of the response.

    The typed methods cannot be asked for XML, so their last step is: it is where the request is
    signed and sent. The response is read by the client's own XML reader.
    """

    def call_api(self, params, request, runtime):
        params.body_type = "string"
        if self._signature_algorithm == "v2":
            request.query = {**(request.query or {}), "Format": "XML"}
        else:
            request.headers = {**(request.headers or {}), "accept": "application/xml"}
        response = super().call_api(params, request, runtime)
        (self.fields,) = XML.parse_xml(response["body"]).values()
        return {**response, "body": {}}


def call(case):
    operation, xml = case["operation"], case["format"] == "xml"
    config = utils_models.Config(
        access_key_id=case["access_key_id"],
        access_key_secret=case["access_key_secret"],
        security_token=case["security_token"],
        endpoint=case["endpoint"],
        protocol="http",
        signature_algorithm="v2" if case["signature"] == "hmac1" else None,
    )
    client = (XmlClient if xml else Client)(config)
    method = getattr(client, snake(operation))
    arguments = []
    # Operations without parameters have no request type.
    if request_type := getattr(models, f"{operation}Request", None):
        request = request_type().from_map(case["parameters"])
        if request.to_map() != case["parameters"]:
            raise ValueError(f"{operation}Request has not all of {case['parameters']}")
        arguments.append(request)
    try:
        response = method(*arguments)
    except AlibabaCloudException as e:
        return loop.error(e.code, e.message, e.status_code, e.request_id)
    return loop.answer(client.fields if xml else response.body.to_map())


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


loop.run(call)
