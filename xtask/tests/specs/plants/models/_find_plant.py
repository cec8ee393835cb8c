# -*- coding: utf-8 -*-
from __future__ import annotations

from typing import Any, Dict, List

from alibabacloud_plants20260101 import models as main_models
from darabonba.model import DaraModel


class FindPlantRequest(DaraModel):
    def __init__(
        self,
        filter: main_models.FindPlantRequestFilter = None,
        height: int = None,
        note: str = None,
        seasons: List[str] = None,
        tag: List[main_models.FindPlantRequestTag] = None,
    ):
        # Filters of plants are compared with
        # **all** of their leaves.
        self.filter = filter
        # The height:
        #
        # class Height: centimeters
        self.height = height
        self.note = note
        self.seasons = seasons
        self.tag = tag

    def validate(self):
        pass

    def to_map(self):
        result = dict()
        _map = super().to_map()
        if _map is not None:
            result = _map
        if self.filter is not None:
            result['Filter'] = self.filter.to_map()

        if self.height is not None:
            result['Height'] = self.height

        if self.note is not None:
            result['Note'] = self.note

        if self.seasons is not None:
            result['Seasons'] = self.seasons

        result['Tag'] = []
        if self.tag is not None:
            for k1 in self.tag:
                result['Tag'].append(k1.to_map() if k1 else None)

        return result

    def from_map(self, m: dict = None):
        return self


class FindPlantRequestFilter(DaraModel):
    def __init__(
        self,
        min_leaves: int = None,
    ):
        self.min_leaves = min_leaves

    def validate(self):
        pass

    def to_map(self):
        result = dict()
        _map = super().to_map()
        if _map is not None:
            result = _map
        if self.min_leaves is not None:
            result['MinLeaves'] = self.min_leaves

        return result

    def from_map(self, m: dict = None):
        return self


class FindPlantRequestTag(DaraModel):
    def __init__(
        self,
        key: str = None,
        value: str = None,
    ):
        self.key = key
        self.value = value

    def validate(self):
        pass

    def to_map(self):
        result = dict()
        _map = super().to_map()
        if _map is not None:
            result = _map
        if self.key is not None:
            result['Key'] = self.key

        if self.value is not None:
            result['Value'] = self.value

        return result

    def from_map(self, m: dict = None):
        return self


class FindPlantResponse(DaraModel):
    def __init__(
        self,
        headers: Dict[str, str] = None,
        status_code: int = None,
        body: main_models.FindPlantResponseBody = None,
    ):
        self.headers = headers
        self.status_code = status_code
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

        if self.status_code is not None:
            result['statusCode'] = self.status_code

        if self.body is not None:
            result['body'] = self.body.to_map()

        return result

    def from_map(self, m: dict = None):
        return self


class FindPlantResponseBody(DaraModel):
    def __init__(
        self,
        beds: Dict[str, main_models.FindPlantResponseBodyPlant] = None,
        extra: Dict[str, Any] = None,
        plant: List[main_models.FindPlantResponseBodyPlant] = None,
        request_id: str = None,
    ):
        self.beds = beds
        self.extra = extra
        self.plant = plant
        self.request_id = request_id

    def validate(self):
        pass

    def to_map(self):
        result = dict()
        _map = super().to_map()
        if _map is not None:
            result = _map
        result['Beds'] = {}
        if self.beds is not None:
            for k1, v1 in self.beds.items():
                result['Beds'][k1] = v1.to_map() if v1 else None

        if self.extra is not None:
            result['Extra'] = self.extra

        result['Plant'] = []
        if self.plant is not None:
            for k1 in self.plant:
                result['Plant'].append(k1.to_map() if k1 else None)

        if self.request_id is not None:
            result['RequestId'] = self.request_id

        return result

    def from_map(self, m: dict = None):
        return self


class FindPlantResponseBodyPlant(DaraModel):
    def __init__(
        self,
        is_dry: bool = None,
        labels: Dict[str, str] = None,
        parent: main_models.FindPlantResponseBodyPlant = None,
        weight: float = None,
    ):
        self.is_dry = is_dry
        self.labels = labels
        self.parent = parent
        self.weight = weight

    def validate(self):
        pass

    def to_map(self):
        result = dict()
        _map = super().to_map()
        if _map is not None:
            result = _map
        if self.is_dry is not None:
            result['IsDry'] = self.is_dry

        if self.labels is not None:
            result['Labels'] = self.labels

        if self.parent is not None:
            result['Parent'] = self.parent.to_map()

        if self.weight is not None:
            result['Weight'] = self.weight

        return result

    def from_map(self, m: dict = None):
        return self
