from hypothesis import HealthCheck, settings

from tests.index.machine import IndexMachine

TestIndexMachine = IndexMachine.TestCase
TestIndexMachine.settings = settings(
    max_examples=50, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
)
