"""The portrait, loaded once with the real networks, and small cameras on it."""

import pytest

from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from openekyc.simulator.knobs import Knobs
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.subject import load_portrait


@pytest.fixture(scope="session")
def models() -> Models:
    return Models(Settings().models_folder)


@pytest.fixture(scope="session")
def person(models: Models) -> Portrait:
    return load_portrait(models, Knobs())
