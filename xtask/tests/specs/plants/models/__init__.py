from ._find_plant import FindPlantRequest
