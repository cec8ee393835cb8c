"""Makes calls with alibabacloud-cdn20180510, the current Python client."""

import re

from alibabacloud_cdn20180510 import models
from alibabacloud_cdn20180510.client import Client
from alibabacloud_tea_openapi import utils_models
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from darabonba.utils.xml import XML

import driver


class XmlClient(Client):
    """A client that requests XML responses.

    The typed methods have no option for the format. They all call `call_api`, which signs and sends the
    request, so the format is set there. The response is decoded with the client's XML parser.
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


def call(params):
    operation, is_xml = params["operation"], params["format"] == "xml"
    config = utils_models.Config(
        access_key_id=params["access_key_id"],
        access_key_secret=params["access_key_secret"],
        security_token=params["security_token"],
        endpoint=params["endpoint"],
        protocol="http",
        signature_algorithm="v2" if params["signature"] == "hmac1" else None,
    )
    client = (XmlClient if is_xml else Client)(config)
    method = getattr(client, snake_case(operation))
    arguments = []
    # Operations without parameters have no request type.
    if request_type := getattr(models, f"{operation}Request", None):
        request = request_type().from_map(params["parameters"])
        if request.to_map() != params["parameters"]:
            raise ValueError(f"{operation}Request does not have all of {params['parameters']}")
        arguments.append(request)
    try:
        response = method(*arguments)
    except AlibabaCloudException as e:
        return driver.service_error(e.code, e.message, e.status_code, e.request_id)
    return driver.response(client.fields if is_xml else response.body.to_map())


def snake_case(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


driver.run(call)
