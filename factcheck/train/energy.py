"""Energy of a run, where the machine lets it be read: RAPL counters of the processor, NVML counters of GPUs.

It counts all that the machine does meanwhile. Where nothing can be read, nothing is guessed.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

POWERCAP = Path("/sys/class/powercap")


class EnergyMeter:
    """Adds up joules between samples; a counter that wraps around must be sampled at least once a turn (minutes)."""

    def __init__(self, powercap: Path = POWERCAP) -> None:
        """Find the counters that can be read, and begin at their present values."""
        self._cpu = {path: value for path in _zones(powercap) if (value := _number(path / "energy_uj")) is not None}
        self._gpus = _gpu_counters()
        self.cpu_joules: float | None = 0.0 if self._cpu else None
        self.gpu_joules: float | None = 0.0 if self._gpus else None

    def sample(self) -> None:
        """Add what was used since the last sample."""
        for path, before in self._cpu.items():
            now = _number(path / "energy_uj")
            if now is not None and self.cpu_joules is not None:
                turn = _number(path / "max_energy_range_uj") or 0
                self.cpu_joules += (now - before if now >= before else now + turn - before) / 1e6
                self._cpu[path] = now
        for counter in self._gpus:
            if self.gpu_joules is not None:
                self.gpu_joules += counter.since() / 1e3


class _GpuCounter:
    """Millijoules of one GPU since its driver was loaded."""

    def __init__(self, place: int) -> None:
        self._nvml = import_module("pynvml")
        self._handle = self._nvml.nvmlDeviceGetHandleByIndex(place)
        self._last = self._now()

    def _now(self) -> float:
        return float(self._nvml.nvmlDeviceGetTotalEnergyConsumption(self._handle))

    def since(self) -> float:
        now = self._now()
        used, self._last = now - self._last, now
        return used


def _gpu_counters() -> list[_GpuCounter]:
    if find_spec("pynvml") is None:
        return []
    nvml = import_module("pynvml")
    try:
        nvml.nvmlInit()
        return [_GpuCounter(place) for place in range(nvml.nvmlDeviceGetCount())]
    except nvml.NVMLError:  # no driver, no GPU, or one without such a counter
        return []


def _zones(powercap: Path) -> list[Path]:
    """Return whole packages, once each; their parts, and other views of them (MMIO), are counted in them."""
    try:
        return sorted(path for path in powercap.iterdir() if "mmio" not in path.name and _is_package(path))
    except OSError:
        return []


def _is_package(path: Path) -> bool:
    try:
        return (path / "name").read_text(encoding="ascii").startswith("package")
    except (OSError, ValueError):  # the folder of a control type has no name
        return False


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
