from __future__ import annotations

from typing import Dict

from alibabacloud_plants20260101 import models as main_models
from darabonba.model import DaraModel


class WaterPlantRequest(DaraModel):
    def __init__(
        self,
        plant_id: str = None,
    ):
        self.plant_id = plant_id

    def validate(self):
        pass

    def to_map(self):
        result = dict()
        _map = super().to_map()
        if _map is not None:
            result = _map
        if self.plant_id is not None:
            result['PlantId'] = self.plant_id

        return result

    def from_map(self, m: dict = None):
        return self


class WaterPlantResponse(DaraModel):
    def __init__(
        self,
        headers: Dict[str, str] = None,
        body: main_models.WaterPlantResponseBody = None,
    ):
        self.headers = headers
        self.body = body

    def validate(self):
        pass

    def to_map(self):
        result = dict()
        _map = super().to_map()
        if _map is not None:
            result = _map
        if self.headers is not None:
            result['headers'] = self.headers

        if self.body is not None:
            result['body'] = self.body.to_map()

        return result

    def from_map(self, m: dict = None):
        return self


class WaterPlantResponseBody(DaraModel):
    def __init__(
        self,
        request_id: str = None,
    ):
        self.request_id = request_id

    def validate(self):
        pass

    def to_map(self):
        result = dict()
        _map = super().to_map()
        if _map is not None:
            result = _map
        if self.request_id is not None:
            result['RequestId'] = self.request_id

        return result

    def from_map(self, m: dict = None):
        return self


class CountPlantsResponse(DaraModel):
    def __init__(
        self,
        headers: Dict[str, str] = None,
        body: main_models.CountPlantsResponseBody = None,
    ):
        self.headers = headers
        self.body = body

    def validate(self):
        pass

    def to_map(self):
        result = dict()
        _map = super().to_map()
        if _map is not None:
            result = _map
        if self.headers is not None:
            result['headers'] = self.headers

        if self.body is not None:
            result['body'] = self.body.to_map()

        return result

    def from_map(self, m: dict = None):
        return self


class CountPlantsResponseBody(DaraModel):
    def __init__(
        self,
        count: int = None,
        request_id: str = None,
    ):
        self.count = count
        self.request_id = request_id

    def validate(self):
        pass

    def to_map(self):
        result = dict()
        _map = super().to_map()
        if _map is not None:
            result = _map
        if self.count is not None:
            result['Count'] = self.count

        if self.request_id is not None:
            result['RequestId'] = self.request_id

        return result

    def from_map(self, m: dict = None):
        return self
