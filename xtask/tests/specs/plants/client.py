# -*- coding: utf-8 -*-
from __future__ import annotations

from alibabacloud_plants20260101 import models as main_models
from alibabacloud_tea_openapi import utils_models as open_api_util_models
from alibabacloud_tea_openapi.client import Client as OpenApiClient
from alibabacloud_tea_openapi.utils import Utils
from darabonba.core import DaraCore as DaraCore
from darabonba.runtime import RuntimeOptions

"""
"""
class Client(OpenApiClient):

    def __init__(
        self,
        config: open_api_util_models.Config,
    ):
        super().__init__(config)
        self._endpoint_map = {
            'cn-a': 'plants.example.com'
        }

    def find_plant_with_options(
        self,
        tmp_req: main_models.FindPlantRequest,
        runtime: RuntimeOptions,
    ) -> main_models.FindPlantResponse:
        tmp_req.validate()
        request = main_models.FindPlantShrinkRequest()
        Utils.convert(tmp_req, request)
        if not DaraCore.is_null(tmp_req.filter):
            request.filter_shrink = Utils.array_to_string_with_specified_style(tmp_req.filter, 'Filter', 'json')
        if not DaraCore.is_null(tmp_req.seasons):
            request.seasons_shrink = Utils.array_to_string_with_specified_style(tmp_req.seasons, 'Seasons', 'simple')
        query = {}
        if not DaraCore.is_null(request.filter_shrink):
            query['Filter'] = request.filter_shrink
        if not DaraCore.is_null(request.height):
            query['Height'] = request.height
        if not DaraCore.is_null(request.seasons_shrink):
            query['Seasons'] = request.seasons_shrink
        if not DaraCore.is_null(request.tag):
            query['Tag'] = request.tag
        body = {}
        if not DaraCore.is_null(request.note):
            body['Note'] = request.note
        req = open_api_util_models.OpenApiRequest(
            query = Utils.query(query),
            body = Utils.parse_to_map(body)
        )
        params = open_api_util_models.Params(
            action = 'FindPlant',
            version = '2026-01-01',
            protocol = 'HTTPS',
            pathname = '/',
            method = 'POST',
            auth_type = 'AK',
            style = 'RPC',
            req_body_type = 'formData',
            body_type = 'json'
        )
        return DaraCore.from_map(
            main_models.FindPlantResponse(),
            self.call_api(params, req, runtime)
        )

    async def find_plant_with_options_async(
        self,
        tmp_req: main_models.FindPlantRequest,
        runtime: RuntimeOptions,
    ) -> main_models.FindPlantResponse:
        tmp_req.validate()

    def find_plant(
        self,
        request: main_models.FindPlantRequest,
    ) -> main_models.FindPlantResponse:
        runtime = RuntimeOptions()
        return self.find_plant_with_options(request, runtime)

    def water_plant_with_options(
        self,
        request: main_models.WaterPlantRequest,
        runtime: RuntimeOptions,
    ) -> main_models.WaterPlantResponse:
        request.validate()
        query = Utils.query(request.to_map())
        params = open_api_util_models.Params(
            action = 'WaterPlant',
            version = '2026-01-01',
            protocol = 'HTTPS',
            pathname = '/',
            method = 'POST',
            auth_type = 'AK',
            style = 'RPC',
            req_body_type = 'formData',
            body_type = 'json'
        )

    def count_plants_with_options(
        self,
        runtime: RuntimeOptions,
    ) -> main_models.CountPlantsResponse:
        params = open_api_util_models.Params(
            action = 'CountPlants',
            version = '2026-01-01',
            protocol = 'HTTPS',
            pathname = '/',
            method = 'POST',
            auth_type = 'AK',
            style = 'RPC',
            req_body_type = 'formData',
            body_type = 'json'
        )
